/// <reference types="@abandonware/noble" />
/** The package's own types are declared under the name of the fork it is. */
declare module "@abandonware/noble" {
  export * from "@stoprocent/noble";
}
