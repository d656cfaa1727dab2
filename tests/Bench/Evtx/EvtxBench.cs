using System.Diagnostics;
using System.Globalization;
using Picket.Detection.Events;
using Picket.Detection.Sigma;
using Picket.Sensors.Evtx;

namespace Picket.Bench.Evtx;

/// <summary>
/// How fast event logs are read on one core: <c>evtx [--seconds N] [--rules FOLDER] FILE...</c>. The files are in memory and read again and
/// again: records alone, into batches, and with the rules asked, in turns; medians.
/// </summary>
internal sealed class EvtxBench : ISigmaSink
{
    private const int Rounds = 5;

    private readonly List<(string File, byte[] Bytes)> _files;
    private readonly EventBatch _batch = new(512, 1024 * 1024);
    private readonly SigmaEngine? _engine;
    private readonly TimeSpan _each;
    private long _matches;

    private EvtxBench(IEnumerable<string> files, string? rules, double seconds)
    {
        _engine = rules is null ? null : SigmaEngine.Build(SigmaRuleSet.Load([rules]).Rules);
        _files = [.. files.Select(file => (file, Dense(File.ReadAllBytes(file))))];
        _each = TimeSpan.FromSeconds(seconds / Rounds);
    }

    /// <summary>Runs the bench; returns the exit code.</summary>
    public static int Run(string[] args)
    {
        var files = new List<string>();
        string? rules = null;
        var seconds = 10d;
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--rules") rules = args[++i];
            else if (args[i] == "--seconds") seconds = double.Parse(args[++i], CultureInfo.InvariantCulture);
            else if (Directory.Exists(args[i])) files.AddRange(Directory.EnumerateFiles(args[i], "*.evtx", SearchOption.AllDirectories));
            else files.Add(args[i]);
        }

        if (files.Count == 0)
        {
            Console.Error.WriteLine("usage: evtx [--seconds N] [--rules FOLDER] FILE-OR-FOLDER...");
            return 2;
        }

        new EvtxBench(files, rules, seconds).Measure();
        return 0;
    }

    public void OnMatch(SigmaRule rule, in EventView view) => _matches++;

    public void OnFailure(SigmaRule rule, in EventView view, Exception failure) => throw failure;

    public void OnDisabled(SigmaRule rule, int failures, TimeSpan within)
    {
    }

    /// <summary>A log without the blank chunks that Windows puts behind those in use, which would be read in no time.</summary>
    private static byte[] Dense(byte[] log)
    {
        const int Header = 4096, Chunk = 64 * 1024;
        var chunks = log.Skip(Header).Chunk(Chunk).Where(chunk => chunk.Any(each => each != 0));
        return [.. log.Take(Header), .. chunks.SelectMany(chunk => chunk)];
    }

    private void Measure()
    {
        (string Name, Func<EvtxReader, long> Read)[] ways = _engine is null
            ? [("parse", Parse), ("fill", Fill)]
            : [("parse", Parse), ("fill", Fill), ("fill and rules", Match)];
        var rates = ways.Select(_ => new List<(double Megabytes, double Records, double Allocated)>()).ToArray();
        foreach (var (_, read) in ways) Rate(read);
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < ways.Length; i++) rates[i].Add(Rate(ways[i].Read));
        }

        foreach (var (way, index) in ways.Select((way, index) => (way.Name, index)))
        {
            var (megabytes, records, allocated) = rates[index].Order().ElementAt(Rounds / 2);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{way,-15} {megabytes,8:0.0} MB/s  {records,10:0} records/s  {allocated,8:0.0} bytes allocated a record"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{_files.Count} files, {_files.Sum(file => (long)file.Bytes.Length) / 1e6:0.0} MB; medians of {Rounds} rounds; {_matches} matches"));
    }

    private (double Megabytes, double Records, double Allocated) Rate(Func<EvtxReader, long> read)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        var (bytes, records) = (0L, 0L);
        while (watch.Elapsed < _each)
        {
            foreach (var (file, content) in _files)
            {
                using var reader = new EvtxReader(new MemoryStream(content), file, _ => { });
                records += read(reader);
                bytes += content.Length;
            }
        }

        var seconds = watch.Elapsed.TotalSeconds;
        return (bytes / 1e6 / seconds, records / seconds, (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)Math.Max(records, 1));
    }

    private static long Parse(EvtxReader reader)
    {
        while (reader.Skip())
        {
        }

        return reader.Records;
    }

    private long Fill(EvtxReader reader)
    {
        while (reader.Fill(_batch, null)) _batch.LetGo();
        _batch.LetGo();
        return reader.Records;
    }

    private long Match(EvtxReader reader)
    {
        while (reader.Fill(_batch, null))
        {
            for (var i = 0; i < _batch.Count; i++) _engine!.Evaluate(_batch.View(i), this);
            _batch.LetGo();
        }

        _batch.LetGo();
        return reader.Records;
    }
}
