import { environment } from "../platform/config/environment.ts";
import { runProgram } from "./program.ts";

const { stdin, stdout, stderr } = process;
const code = await runProgram(["start"], { env: environment(), stdin, stdout, stderr });
if (code !== 0) process.exit(code);
