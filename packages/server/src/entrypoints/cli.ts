#!/usr/bin/env node
import { environment } from "../platform/config/environment.ts";
import { runProgram } from "./program.ts";

const args = process.argv.slice(2);
const { stdin, stdout, stderr } = process;
const code = await runProgram(args, { env: environment(), stdin, stdout, stderr });
// A started server goes on after its command has returned; everything else is over now.
if (args[0] !== "start" || code !== 0) process.exit(code);
