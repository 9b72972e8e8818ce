import { watch } from "node:fs";
import { join } from "node:path";
import type { DeviceKind } from "#devices/device-kind.ts";
import type { Clock } from "#domain/clock.ts";
import type { DeviceRecord, FoundDevice } from "#domain/device.ts";
import { didYouMean } from "#domain/did-you-mean.ts";
import { CarportError } from "#domain/error.ts";
import type { Log } from "#domain/log.ts";
import type { Vehicle } from "#domain/vehicle.ts";
import { type Disk, realDisk, TEMPORARY } from "./disk.ts";
import { type Document, type DocumentKind, SettingsRefused } from "./document.ts";
import { keepRetired, missing, strays } from "./garage-integrity.ts";
import { type DevicesRaw, devicesDocument, type VehiclesRaw, vehiclesDocument } from "./garage-settings.ts";
import { type Environment, type Override, unknownVariables } from "./overrides.ts";
import { LAST_GOOD, SettingsFile } from "./settings-file.ts";
import { type SystemSettings, systemDocument } from "./system-settings.ts";

export interface SettingsOptions {
  /** The data folder; made when it is not there. */
  readonly folder: string;
  readonly env: Environment;
  readonly kinds: ReadonlyMap<string, DeviceKind>;
  readonly clock: Clock;
  readonly log: Log;
  readonly disk?: Disk;
}

/** vehicles.json and devices.json as they are written: without defaults and overrides. */
export interface GarageRaw {
  readonly vehicles: VehiclesRaw;
  readonly devices: DevicesRaw;
}

/** Editors save in several steps; the last of them is what counts. */
const SETTLE_MS = 200;

/**
 * system.json, vehicles.json and devices.json: loaded, edited, and read again when edited by hand. What is in force has
 * always been valid as a whole; what is wrong on the disk is told by `problems`.
 */
export class Settings {
  readonly #options: SettingsOptions;
  readonly #disk: Disk;
  readonly #system: SettingsFile<Readonly<Record<string, unknown>>, SystemSettings>;
  readonly #vehicles: SettingsFile<VehiclesRaw, readonly Vehicle[]>;
  readonly #devices: SettingsFile<DevicesRaw, readonly DeviceRecord[]>;
  readonly #listeners = new Set<() => void>();
  #leftovers: readonly CarportError[] = [];
  #notWatched: readonly CarportError[] = [];
  #reported: ReadonlySet<string> = new Set();
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: SettingsOptions) {
    const { folder, env, kinds, clock, disk = realDisk } = options;
    const stamp = () => stampOf(clock);
    const file = <Raw, Value>(kind: DocumentKind<Raw, Value>) => new SettingsFile(kind, { folder, env, disk, stamp });
    this.#options = options;
    this.#disk = disk;
    this.#system = file(systemDocument);
    this.#vehicles = file(vehiclesDocument);
    this.#devices = file(devicesDocument(kinds));
  }

  get system(): SystemSettings {
    return this.#system.inForce.value;
  }

  get vehicles(): readonly Vehicle[] {
    return this.#vehicles.inForce.value;
  }

  get devices(): readonly DeviceRecord[] {
    return this.#devices.inForce.value;
  }

  /** Devices that were found and wait for the owner's word. */
  get found(): readonly FoundDevice[] {
    return this.#devices.inForce.raw.found.map((found) => ({ ...found, foundAt: Date.parse(found.foundAt) }));
  }

  /** Vehicles and devices as they are written. */
  get garage(): GarageRaw {
    return { vehicles: this.#vehicles.inForce.raw, devices: this.#devices.inForce.raw };
  }

  /** What is set by the environment: an edit of it takes effect only once the variable is gone. */
  get overrides(): readonly Override[] {
    return this.#files.flatMap((file) => file.inForce.overrides);
  }

  /** Values that must not be shown anywhere. */
  get secrets(): readonly string[] {
    return this.#files.flatMap((file) => file.inForce.secrets);
  }

  /** All that is wrong with the files and variables now. */
  get problems(): readonly CarportError[] {
    return [
      ...this.#leftovers,
      ...this.#notWatched,
      ...this.#files.flatMap((file) => file.problems),
      ...this.#unknownVariables(),
    ];
  }

  /** To be called once, before anything else. Never fails: what cannot be read is a problem, and the last good is used. */
  load(): Promise<void> {
    return this.#inTurn(async () => {
      const { folder } = this.#options;
      for (const made of [folder, join(folder, LAST_GOOD)]) await this.#disk.makeFolder(made).catch(() => {});
      await this.#keepLeftovers(folder);
      await this.#keepLeftovers(join(folder, LAST_GOOD));
      for (const file of this.#files) await file.start();
      await this.#readAll();
    });
  }

  /** Reads the files again; the listeners hear of it when something in force has changed. */
  reload(): Promise<void> {
    return this.#inTurn(() => this.#readAll());
  }

  /** Reads the files again whenever one of them changes on the disk. */
  watch(signal: AbortSignal): void {
    const { folder, clock, log } = this.#options;
    const names = new Set(this.#files.map((file) => file.name));
    let due = false;
    const changed = async (_: string, name: string | null) => {
      if (due || (name !== null && !names.has(name))) return;
      due = true;
      await clock.sleep(SETTLE_MS, signal);
      due = false;
      if (signal.aborted) return;
      await this.reload().catch((error: unknown) => log.error("the settings could not be read again", { error }));
    };
    const failed = (error: unknown) => {
      this.#notWatched = [new CarportError("SETTINGS_NOT_WATCHED", folder, { cause: error })];
      this.#report(log);
    };
    try {
      // The folder, not the files: editors and our own saves put a new file in place of the old one.
      const watcher = watch(folder, { persistent: false }, (event, name) => void changed(event, name));
      watcher.on("error", failed);
      signal.addEventListener("abort", () => watcher.close(), { once: true });
    } catch (error) {
      failed(error);
    }
  }

  /** Called after something in force has changed. Returns the unsubscription. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /**
   * Changes vehicles and devices, saves them and puts them in force. Throws SETTINGS_REFUSED with the path of the value, or
   * SETTINGS_NOT_SAVED; then no device has changed.
   */
  edit(change: (garage: GarageRaw) => GarageRaw): Promise<void> {
    return this.#inTurn(async () => {
      await this.#readAll();
      const before = this.garage;
      const after = change(before);
      const vehicles = checked(this.#vehicles, keepRetired(after.vehicles, before.vehicles, "vehicles"));
      const devices = checked(this.#devices, keepRetired(after.devices, before.devices, "devices"));
      const [stray] = strays(vehicles.value, devices);
      if (stray) throw new SettingsRefused(this.#devices.name, [stray]);

      // The two files fit together at every moment, should the power fail in between: vehicles come before and go after
      // the devices that are in them.
      const gone = before.vehicles.vehicles.filter(({ id }) => !vehicles.value.some((vehicle) => vehicle.id === id));
      try {
        if (gone.length > 0) {
          const both = { ...after.vehicles, vehicles: [...after.vehicles.vehicles, ...gone] };
          await this.#vehicles.write(checked(this.#vehicles, both));
        } else if (after.vehicles !== before.vehicles) await this.#vehicles.write(vehicles);
        if (after.devices !== before.devices) await this.#devices.write(devices);
        if (gone.length > 0) await this.#vehicles.write(vehicles);
      } finally {
        this.#changed();
      }
    });
  }

  /** Changes system.json; throws as `edit` does. */
  editSystem(change: (raw: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>): Promise<void> {
    return this.#inTurn(async () => {
      await this.#readAll();
      await this.#system.write(checked(this.#system, change(this.#system.inForce.raw)));
      this.#changed();
    });
  }

  get #files() {
    return [this.#system, this.#vehicles, this.#devices] as const;
  }

  /** One after the other, so that no change is lost between two. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => {});
    return turn;
  }

  async #readAll(): Promise<void> {
    const system = await this.#system.candidate();
    const systemChanged = system !== undefined && (await this.#system.accept(system));
    const garageChanged = await this.#readGarage();
    if (systemChanged || garageChanged) this.#changed();
    else this.#report(this.#options.log);
  }

  /** A device names its vehicle, so that the two files are taken together, or the one of them that fits the old other. */
  async #readGarage(): Promise<boolean> {
    const vehicles = await this.#vehicles.candidate();
    const devices = await this.#devices.candidate();
    const vehiclesNow = vehicles?.document ?? this.#vehicles.inForce;
    const devicesNow = devices?.document ?? this.#devices.inForce;
    const together = strays(vehiclesNow.value, devicesNow).length === 0;
    const takeVehicles = vehicles && (together || strays(vehiclesNow.value, this.#devices.inForce).length === 0);
    const takeDevices =
      devices && (together || (!takeVehicles && strays(this.#vehicles.inForce.value, devicesNow).length === 0));

    if (vehicles && !takeVehicles) this.#vehicles.refuse(missing(vehiclesNow.value, this.#devices.inForce.value));
    if (devices && !takeDevices) this.#devices.refuse(strays(vehiclesNow.value, devicesNow));
    let changed = false;
    if (takeVehicles) {
      const raw = keepRetired(vehiclesNow.raw, this.#vehicles.inForce.raw, "vehicles");
      changed = await this.#vehicles.accept(vehicles, raw);
    }
    if (takeDevices) {
      const raw = keepRetired(devicesNow.raw, this.#devices.inForce.raw, "devices");
      changed = (await this.#devices.accept(devices, raw)) || changed;
    }
    return changed;
  }

  #changed(): void {
    const { log } = this.#options;
    this.#report(log);
    for (const listener of this.#listeners) {
      try {
        listener();
      } catch (error) {
        log.error("a change of the settings could not be applied everywhere", { error });
      }
    }
  }

  /** Each problem once, for as long as it lasts. */
  #report(log: Log): void {
    const { problems } = this;
    for (const { message, nextStep } of problems) {
      if (!this.#reported.has(message)) log.error(`${message} ${nextStep}`);
    }
    if (this.#reported.size > 0 && problems.length === 0) log.info("all settings are in order again");
    this.#reported = new Set(problems.map((problem) => problem.message));
  }

  async #keepLeftovers(folder: string): Promise<void> {
    const names = await this.#disk.list(folder).catch(() => []);
    for (const name of names.filter((candidate) => candidate.endsWith(`.json${TEMPORARY}`))) {
      const kept = join(folder, `${name.slice(0, -TEMPORARY.length)}.cut-off-${stampOf(this.#options.clock)}`);
      const error = await this.#disk.rename(join(folder, name), kept).then(
        () => new CarportError("SETTINGS_CUT_OFF", kept),
        (cause: unknown) => new CarportError("SETTINGS_NOT_SAVED", kept, { cause }),
      );
      this.#leftovers = [...this.#leftovers, error];
    }
  }

  #unknownVariables(): readonly CarportError[] {
    const settables = this.#files.flatMap((file) => file.inForce.settables);
    return unknownVariables(this.#options.env, settables).map((variable) => {
      const meant = didYouMean(
        variable,
        settables.map((settable) => settable.variable),
      );
      return new CarportError("OVERRIDE_UNKNOWN", meant === undefined ? variable : `${variable} (${meant}?)`);
    });
  }
}

/** For names of files: `20261121T101500Z`. */
const stampOf = (clock: Clock): string => new Date(clock.now()).toISOString().replace(/[-:]|\.\d+/g, "");

function checked<Raw, Value>(file: SettingsFile<Raw, Value>, raw: Raw): Document<Raw, Value> {
  const { document, refusals } = file.check(raw);
  if (document) return document;
  throw new SettingsRefused(file.name, refusals);
}
