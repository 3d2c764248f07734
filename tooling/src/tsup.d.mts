import type { defineConfig, Options } from 'tsup';

type Config = ReturnType<typeof defineConfig>;
export declare const library: (options?: Options) => Config;
export declare const program: (options?: Options) => Config;
