using BenchmarkDotNet.Running;
using Picket.Bench.Correlation;
using Picket.Bench.Evtx;
using Picket.Bench.Journal;
using Picket.Bench.Storm;

// storm [--processes N] [--program PATH]   the whole node under a storm of short processes, from outside
// journal [--json] [--rounds N] [--ms N] [--folder PATH] [--postgres CONNECTION]
//                                          the journal's write rate beside plain inserts
// correlation [--json] [--rounds N] [--matches N] [--only NAME]
//                                          matches that correlations hear in a second, and what a group costs
// evtx [--seconds N] [--rules FOLDER] FILE...
//                                          how fast event logs are read, on one core
// anything else                            the parts, by BenchmarkDotNet (--filter '*')
if (args is ["storm", .. var rest]) return await StormBench.RunAsync(rest);
if (args is ["evtx", .. var logs]) return EvtxBench.Run(logs);
if (args is ["journal", .. var options]) return await JournalBench.RunAsync(options);
if (args is ["correlation", .. var load]) return CorrelationBench.Run(load);
BenchmarkSwitcher.FromAssembly(typeof(StormBench).Assembly).Run(args);
return 0;
