using System.Diagnostics;
using System.Globalization;

namespace Picket.Fuzz;

/// <summary>One search for inputs that break a target, led by the edges they take in it.</summary>
internal sealed class FuzzSession
{
    /// <summary>How many blocks an input may take: a few seconds. What takes more hangs.</summary>
    private const long Budget = 600_000_000;

    /// <summary>What takes more blocks than this is not built upon, so that the search stays fast.</summary>
    private const long SlowBlocks = 300_000;

    private const int MinimiseExecutions = 3_000;

    // No more than a service's smallest threads have.
    private const int StackBytes = 512 * 1024;
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan HangAfter = TimeSpan.FromSeconds(60);

    private readonly FuzzOptions _options;
    private readonly TextWriter _output;
    private readonly TargetContext _target;
    private readonly Random _random;
    private readonly Mutator _mutator;
    private readonly List<(byte[] Input, long Blocks)> _corpus = [];
    private readonly List<Finding> _findings = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private volatile byte[] _current = [];
    private long _executions;

    public FuzzSession(FuzzOptions options, TextWriter output)
    {
        _options = options;
        _output = output;
        _target = new TargetContext(options.Target, options.WithDefect);
        _random = new Random(options.Seed);
        _mutator = new Mutator(_random, options.Target.Vocabulary);
    }

    /// <summary>How many inputs were executed.</summary>
    public long Executions => Interlocked.Read(ref _executions);

    /// <summary>How many inputs took something new.</summary>
    public int CorpusSize => _corpus.Count;

    /// <summary>How many edges were taken.</summary>
    public int Edges => _target.Coverage.Edges;

    /// <summary>Searches until an option ends it; what was found, each kind of fault once.</summary>
    public IReadOnlyList<Finding> Run()
    {
        var search = new Thread(Search, StackBytes) { IsBackground = true };
        search.Start();

        // The target cannot be stopped where it blocks or spins outside of its own code: then only the input can be told.
        for (var before = Executions; !search.Join(HangAfter); before = Executions)
        {
            if (before == Executions) return [.. _findings, new Finding($"hang: nothing came of it in {HangAfter.TotalSeconds} s", _current, before)];
        }

        Report("end");
        return _findings;
    }

    private void Search()
    {
        Report("begin");
        var seeds = _options.Target.Seeds.Concat(_options.SeedFiles.SelectMany(_options.Target.SeedsIn)).Where(seed => seed.Length <= Mutator.MaxLength).ToList();
        foreach (var seed in seeds) Try(seed);
        if (_corpus.Count == 0) _corpus.Add(([], 0));
        Report("seeds");
        var nextReport = _clock.Elapsed + ReportEvery;
        while (_executions < _options.Executions && _clock.Elapsed < _options.Time && _findings.Count < _options.Findings)
        {
            Try(_mutator.Mutate(Pick(), Pick()));
            if (_clock.Elapsed < nextReport) continue;
            nextReport += ReportEvery;
            Report("on");
        }
    }

    // What was found late leads to new places more often, and what is quick is tried more often in the same time.
    private byte[] Pick()
    {
        var from = _random.Next(3) switch { 0 => 0, 1 => _corpus.Count * 3 / 4, _ => Math.Max(0, _corpus.Count - 16) };
        var (one, other) = (_corpus[_random.Next(from, _corpus.Count)], _corpus[_random.Next(from, _corpus.Count)]);
        return (one.Blocks <= other.Blocks || _random.Next(2) == 0 ? one : other).Input;
    }

    private void Try(byte[] input)
    {
        var what = Execute(input, out var blocks);
        var isNew = _target.Coverage.Learn();
        if (isNew && blocks < SlowBlocks) _corpus.Add((input, blocks));
        if (what is null || _findings.Exists(known => known.Signature == Finding.SignatureOf(what))) return;
        var execution = _executions;
        var finding = new Finding(what, Minimise(input, Finding.SignatureOf(what)), execution);
        _findings.Add(finding);
        _output.WriteLine($"FINDING at execution {execution}: {finding.What}\n--- input ---\n{finding.Text}\n--- end ---");
    }

    private string? Execute(byte[] input, out long blocks)
    {
        _current = input;
        Interlocked.Increment(ref _executions);
        _target.Coverage.Begin(Budget);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var what = _target.Check(input);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        blocks = _target.Coverage.Taken(Budget);
        return what is null && allocated > _options.Target.MaxAllocation ? $"memory: {allocated:N0} bytes" : what;
    }

    // Leaves out ever smaller parts as long as the same fault shows.
    private byte[] Minimise(byte[] input, string signature)
    {
        var left = MinimiseExecutions;
        for (var size = Math.Max(1, input.Length / 2); size > 0 && left > 0;)
        {
            var shrunk = false;
            for (var at = 0; at < input.Length && left > 0; left--)
            {
                byte[] candidate = [.. input[..at], .. input[Math.Min(at + size, input.Length)..]];
                if (Execute(candidate, out _) is { } what && Finding.SignatureOf(what) == signature) (input, shrunk) = (candidate, true);
                else at += size;
            }

            if (!shrunk || size > 1) size = size == 1 ? 0 : size / 2;
        }

        return input;
    }

    private void Report(string when)
    {
        var seconds = Math.Max(_clock.Elapsed.TotalSeconds, 0.001);
        _output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{_options.Target.Name,-10} {when,-6} {seconds,7:0.0} s  seed {_options.Seed}  executions {_executions,10}  {_executions / seconds,8:0} /s  corpus {_corpus.Count,5}  "
            + $"edges {_target.Coverage.Edges,6} over {_target.Coverage.Blocks} blocks  findings {_findings.Count}"));
    }
}
