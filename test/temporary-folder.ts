import { existsSync, mkdtempDisposableSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// Tests of files need no disk: in memory a sync costs nothing.
const root = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** A new folder that is deleted at the end of the scope: `using folder = temporaryFolder()`. */
export const temporaryFolder = () => mkdtempDisposableSync(join(root, "carport-test-"));
