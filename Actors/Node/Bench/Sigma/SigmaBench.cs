using System.Diagnostics;
using System.Text;
using Picket.Detection.Events;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Scan;
using Picket.Node.Self;
using Picket.Sensors.Replay.Json;

namespace Picket.Node.Bench.Sigma;

/// <summary>
/// How fast the rules decide, from lines and from records, on one core and on all, beside the full scan that shares no code with the
/// engine.
/// </summary>
internal sealed class SigmaBench
{
    private const int BatchRecords = 512;
    private const int BatchBytes = 1 << 20;
    private const int Seed = 20_261_122;

    /// <summary>In seconds.</summary>
    private const double ShortestRound = 0.3;
    private const int MostPasses = 50;

    /// <summary>The made-up workloads: values come again as they do in life, or hardly ever.</summary>
    internal static readonly (string Name, Func<Func<string>> Maker)[] Workloads =
    [
        ("values-repeat", () => new SysmonEvents(Seed, repeats: true).Next),
        ("values-differ", () => new SysmonEvents(Seed, repeats: false).Next),
        ("linux-repeat", () => new LinuxEvents(Seed, repeats: true).Next),
        ("linux-differ", () => new LinuxEvents(Seed, repeats: false).Next),
    ];

    private readonly SigmaBenchOptions _options;
    private readonly Action<string> _say;
    private readonly int _cores = Environment.ProcessorCount;

    public SigmaBench(SigmaBenchOptions options, Action<string> say)
    {
        _options = options;
        _say = say;
    }

    /// <summary>Measures everything.</summary>
    /// <exception cref="IOException">The input cannot be read.</exception>
    public SigmaBenchResult Run()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var watch = Stopwatch.StartNew();
        var set = SigmaRuleSet.Load(_options.Rules, new SigmaLoadOptions { Pipelines = _options.Pipelines });
        var engine = SigmaEngine.Build(set.Rules, SigmaEngineOptions.OfFiles);
        var load = watch.Elapsed.TotalSeconds;
        _say($"{set.Rules.Count} rules in {load:0.000} s");
        HeapPacer.GiveBack();
        var loaded = ResidentBytes();
        var workloads = new List<SigmaWorkloadResult>();
        long engineBytes = 0;
        foreach (var (name, lines, malformed) in Inputs())
        {
            _say(name);
            workloads.Add(Measure(name, lines, malformed, set, engine.Share()));
            if (engineBytes == 0) engineBytes = GC.GetTotalMemory(forceFullCollection: true) - before - lines.Length;
        }

        GC.KeepAlive(engine);
        return new SigmaBenchResult(set.Rules.Count, set.Errors.Count, load, workloads, loaded, ResidentBytes(), engineBytes);
    }

    private static long ResidentBytes()
    {
        using var own = Process.GetCurrentProcess();
        return own.WorkingSet64;
    }

    private IEnumerable<(string Name, byte[] Lines, long Malformed)> Inputs()
    {
        if (_options.Input is { } file)
        {
            var recorded = RecordedLines.Read(file, out var malformed);
            yield return (Path.GetFileName(Path.TrimEndingDirectorySeparator(file)), recorded, malformed);
            yield break;
        }

        foreach (var (name, maker) in Workloads)
        {
            if (name.StartsWith(_options.Only ?? "", StringComparison.Ordinal)) yield return (name, Made(maker()), 0);
        }
    }

    private byte[] Made(Func<string> next)
    {
        using var lines = new MemoryStream();
        for (var i = 0; i < _options.Events; i++) lines.Write(Encoding.UTF8.GetBytes(next()));
        return lines.ToArray();
    }

    private SigmaWorkloadResult Measure(string name, byte[] lines, long malformed, SigmaRuleSet set, SigmaEngine engine)
    {
        var parts = Parts(lines);
        var engines = parts.ConvertAll(_ => engine.Share());
        var batches = new List<List<EventBatch>>();
        foreach (var (start, length) in parts) batches.Add(Records(lines.AsMemory(start, length), ref malformed));
        var events = batches.Sum(some => some.Sum(batch => batch.Count));
        List<double> bytesOne = [], recordsOne = [], bytesAll = [], recordsAll = [], bytesCpu = [], recordsCpu = [];
        var matches = 0L;
        var allocated = 0L;
        int bytesPasses = 1, recordsPasses = 1;
        for (var round = 0; round <= _options.Rounds; round++)
        {
            var sink = new CountingSink();
            var cpu = ThreadTime.Seconds;
            var one = Seconds(bytesPasses, () => FromBytes(lines, engine, sink));
            var oneCpu = ThreadTime.Seconds - cpu;
            matches = sink.Matches / bytesPasses;
            cpu = ThreadTime.Seconds;
            var before = GC.GetAllocatedBytesForCurrentThread();
            var two = Seconds(recordsPasses, () =>
            {
                foreach (var some in batches) FromRecords(some, engine, sink);
            });
            allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / recordsPasses;
            var twoCpu = ThreadTime.Seconds - cpu;
            var three = OnAll(i => FromBytes(lines.AsMemory(parts[i].Start, parts[i].Length), engines[i], new CountingSink()), bytesPasses);
            var four = OnAll(i => FromRecords(batches[i], engines[i], new CountingSink()), recordsPasses);
            if (round == 0)
            {
                bytesPasses = PassesFor(one);
                recordsPasses = PassesFor(two);
                continue;
            }

            double fromBytes = (double)events * bytesPasses, fromRecords = (double)events * recordsPasses;
            bytesOne.Add(fromBytes / one);
            recordsOne.Add(fromRecords / two);

            // The scheduler counts in ticks: what takes less than one has had no time, and the clock's is the nearest to it.
            bytesCpu.Add(fromBytes / (oneCpu > 0 ? oneCpu : one));
            recordsCpu.Add(fromRecords / (twoCpu > 0 ? twoCpu : two));
            bytesAll.Add(fromBytes / three);
            recordsAll.Add(fromRecords / four);
        }

        var (median, high) = Candidates(batches, engine, events);
        var (asked, perSecond, different) = Twin(batches, set, engine);
        return new SigmaWorkloadResult(name, events, malformed, (double)lines.Length / Math.Max(1, events), [
                Row("from-bytes", bytesOne), Row("from-records", recordsOne), Row("from-bytes-by-cpu", bytesCpu),
                Row("from-records-by-cpu", recordsCpu), Row("from-bytes-all", bytesAll), Row("from-records-all", recordsAll),
            ], _cores, matches, median,
            high, (double)allocated / Math.Max(1, events), asked, perSecond, different);
    }

    private static BenchRow Row(string name, List<double> runs) => new(name, "events/s", true, runs);

    private static int PassesFor(double seconds) => (int)Math.Ceiling(ShortestRound / Math.Max(seconds, ShortestRound / MostPasses));

    /// <summary>A core that was idle, and is lent by a host, is slow for some tenths of a second: the second time is timed.</summary>
    private double OnAll(Action<int> pass, int passes)
    {
        Work();
        return Seconds(1, Work);

        void Work() => Parallel.For(0, _cores, i =>
        {
            for (var done = 0; done < passes; done++) pass(i);
        });
    }

    private static double Seconds(int passes, Action pass)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < passes; i++) pass();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static void FromBytes(ReadOnlyMemory<byte> lines, SigmaEngine engine, CountingSink sink)
    {
        using var reader = new JsonRecordReader(new LentStream(lines), "bench", static _ => { });
        var batch = new EventBatch(BatchRecords, BatchBytes);
        while (reader.Fill(batch, null))
        {
            for (var i = 0; i < batch.Count; i++) engine.Evaluate(batch.View(i), sink);
            batch.LetGo();
        }
    }

    private static void FromRecords(List<EventBatch> batches, SigmaEngine engine, CountingSink sink)
    {
        foreach (var batch in batches)
        {
            for (var i = 0; i < batch.Count; i++) engine.Evaluate(batch.View(i), sink);
        }
    }

    private static List<EventBatch> Records(ReadOnlyMemory<byte> lines, ref long malformed)
    {
        var batches = new List<EventBatch>();
        using var reader = new JsonRecordReader(new LentStream(lines), "bench", static _ => { });
        while (true)
        {
            var batch = new EventBatch(BatchRecords, BatchBytes);
            if (!reader.Fill(batch, null)) break;
            batches.Add(batch);
        }

        malformed += reader.Malformed;
        return batches;
    }

    /// <summary>As many parts of whole lines as there are cores.</summary>
    private List<(int Start, int Length)> Parts(byte[] lines)
    {
        var parts = new List<(int, int)>();
        var start = 0;
        for (var i = 1; i <= _cores; i++)
        {
            var end = i == _cores ? lines.Length : (int)((long)lines.Length * i / _cores);
            if (end < start) end = start;
            var newline = lines.AsSpan(end).IndexOf((byte)'\n');
            end = i == _cores || newline < 0 ? lines.Length : end + newline + 1;
            parts.Add((start, end - start));
            start = end;
        }

        return parts;
    }

    private static (int Median, int High) Candidates(List<List<EventBatch>> batches, SigmaEngine engine, int events)
    {
        if (events == 0) return (0, 0);
        var counts = new List<int>(events);
        var sink = new CountingSink();
        foreach (var batch in batches.SelectMany(some => some))
        {
            for (var i = 0; i < batch.Count; i++)
            {
                engine.Evaluate(batch.View(i), sink);
                counts.Add(engine.Candidates);
            }
        }

        counts.Sort();
        return (counts[counts.Count / 2], counts[counts.Count * 95 / 100]);
    }

    private (int Asked, double PerSecond, int Different) Twin(List<List<EventBatch>> batches, SigmaRuleSet set, SigmaEngine engine)
    {
        var twin = new FullScan();
        var syntaxes = set.Rules.Select(rule => rule.Syntax).ToList();
        var sink = new CountingSink { Kept = [] };
        int asked = 0, different = 0;
        var seconds = 0.0;
        foreach (var batch in batches.SelectMany(some => some))
        {
            for (var i = 0; i < batch.Count && asked < _options.Twin; i++)
            {
                asked++;
                var start = Stopwatch.GetTimestamp();
                var found = twin.Matches(syntaxes, batch.View(i));
                seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
                sink.Kept.Clear();
                engine.Evaluate(batch.View(i), sink);
                var rules = found.Select(index => set.Rules[index]).DistinctBy(rule => rule.Original);
                if (!rules.SequenceEqual(sink.Kept)) different++;
            }
        }

        return (asked, seconds == 0 ? 0 : asked / seconds, different);
    }
}
