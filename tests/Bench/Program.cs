using BenchmarkDotNet.Running;
using Picket.Bench.Storm;

// storm [--processes N] [--program PATH]   the whole node under a storm of short processes, from outside
// anything else                            the parts, by BenchmarkDotNet (--filter '*')
if (args is ["storm", .. var rest]) return await StormBench.RunAsync(rest);
BenchmarkSwitcher.FromAssembly(typeof(StormBench).Assembly).Run(args);
return 0;
