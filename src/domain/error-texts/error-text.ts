export interface ErrorText {
  /** What is the case, lower case, no full stop: it follows the name of the thing concerned. */
  readonly sentence: string;
  /** What the owner can do now. */
  readonly nextStep: string;
  /** Trying again cannot help: the hub waits until someone has changed something. */
  readonly permanent?: true;
}
