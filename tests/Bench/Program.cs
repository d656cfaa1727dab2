using BenchmarkDotNet.Running;
using Picket.Bench.Journal;
using Picket.Bench.Storm;

// storm [--processes N] [--program PATH]   the whole node under a storm of short processes, from outside
// journal [--json] [--rounds N] [--ms N] [--folder PATH] [--postgres CONNECTION]
//                                          the journal's write rate beside plain inserts
// anything else                            the parts, by BenchmarkDotNet (--filter '*')
if (args is ["storm", .. var rest]) return await StormBench.RunAsync(rest);
if (args is ["journal", .. var options]) return await JournalBench.RunAsync(options);
BenchmarkSwitcher.FromAssembly(typeof(StormBench).Assembly).Run(args);
return 0;
