using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using Picket.Detection.Alerts.Ecs;
using Picket.Detection.Events;
using Picket.Detection.Sigma;
using Picket.Sensors.Replay;
using Picket.Sensors.Replay.Inputs;

namespace Picket.Node.Replaying;

/// <summary>
/// Reads inputs and asks the rules about each record, batch by batch on all cores; alerts are written in the order of the
/// records. No policy: what matches is written.
/// </summary>
internal sealed class ReplayRun
{
    private const int BatchRecords = 512;
    private const int BatchBytes = 1024 * 1024;

    private readonly ConcurrentBag<SigmaEngine> _engines = [];
    private readonly ConcurrentBag<EventBatch> _batches = [];
    private readonly List<InputReport> _inputs = [];
    private readonly Dictionary<string, long> _byRule = new(StringComparer.Ordinal);
    private readonly SigmaEngine _engine;
    private readonly AlertBuilder _builder;
    private readonly Stream _output;
    private readonly Action<string> _onProblem;
    private readonly int _workers;
    private readonly ReplayCorrelation? _correlation;
    private long _alerts;
    private long _bytesBefore;
    private volatile MeteredStream? _reading;
    private volatile IRecordReader? _reader;
    private long _eventsBefore;

    /// <summary>Makes a run.</summary>
    /// <param name="engine">The rules.</param>
    /// <param name="builder">Makes the alerts.</param>
    /// <param name="output">Where alerts go, a line each.</param>
    /// <param name="onProblem">Told of malformed records and failed rules, a line each.</param>
    /// <param name="workers">Engines that work side by side, at least 1.</param>
    /// <param name="correlation">The correlations over the rules; null for none.</param>
    public ReplayRun(SigmaEngine engine, AlertBuilder builder, Stream output, Action<string> onProblem, int workers,
        ReplayCorrelation? correlation = null)
    {
        _engine = engine;
        _builder = builder;
        _output = output;
        _onProblem = onProblem;
        _workers = workers;
        _correlation = correlation;
    }

    /// <summary>Looks at each record that rules are asked about; null for nobody.</summary>
    public UnaskedRecords? Unasked { get; init; }

    /// <summary>What became of each input, in their order.</summary>
    public IReadOnlyList<InputReport> Inputs => _inputs;

    /// <summary>Alerts by the rule's id.</summary>
    public IReadOnlyDictionary<string, long> AlertsByRule => _byRule;

    /// <summary>Records read so far; for any thread.</summary>
    public long Events => Interlocked.Read(ref _eventsBefore) + (_reader?.Records ?? 0);

    /// <summary>Bytes of the inputs read so far; for any thread.</summary>
    public long Bytes => Interlocked.Read(ref _bytesBefore) + (_reading?.BytesRead ?? 0);

    /// <summary>Alerts written so far; for any thread.</summary>
    public long Alerts => Interlocked.Read(ref _alerts);

    /// <summary>Parts of the inputs that were no record.</summary>
    public long Malformed => _inputs.Sum(input => input.Malformed);

    /// <summary>Inputs in which nothing was found, neither a record nor something that is none.</summary>
    public IReadOnlyList<string> Empty =>
        [.. _inputs.Where(input => input is { Events: 0, Malformed: 0, Problem: null, IsWhole: true }).Select(input => input.Input)];

    /// <summary>Times a rule failed on a record.</summary>
    public long Failures { get; private set; }

    /// <summary>Reads one input file to its end, or until it is told to stop; then what was read by then is written all the same.</summary>
    /// <param name="file">The file.</param>
    /// <param name="format">What it and all in it is written in; <see cref="InputFormat.Unknown"/> to recognise it.</param>
    /// <param name="stop">Ends the reading.</param>
    /// <exception cref="IOException">The output cannot be written.</exception>
    public async Task ReadAsync(string file, InputFormat format, CancellationToken stop)
    {
        var report = new InputReport(file);
        _inputs.Add(report);
        var clock = Stopwatch.StartNew();
        var alerts = Alerts;

        // The bound is the memory that a run may take: so many batches are under way, and no more.
        var pending = Channel.CreateBounded<Task<BatchFindings>>(
            new BoundedChannelOptions(2 * _workers) { SingleReader = true, SingleWriter = true });
        var writing = WriteAsync(pending);
        try
        {
            await ReadPartsAsync(report, format, pending.Writer, stop);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            report.Problem = e.Message;
            _onProblem($"{file}: {e.Message}");
        }
        catch (ChannelClosedException)
        {
            // The output cannot be written: the writing side says why.
        }

        pending.Writer.TryComplete();
        await writing;
        report.Alerts = Alerts - alerts;
        report.Elapsed = clock.Elapsed;
    }

    private async Task ReadPartsAsync(
        InputReport report, InputFormat format, ChannelWriter<Task<BatchFindings>> pending, CancellationToken stop)
    {
        // Opening a pipe waits for one who writes, and whoever ends the replay must not wait with it.
        var opening = Task.Run(
            () => new FileStream(report.Input, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1, FileOptions.SequentialScan), stop);
        FileStream file;
        try
        {
            file = await opening.WaitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        var metered = new MeteredStream(file);
        _reading = metered;
        try
        {
            foreach (var part in InputParts.Open(report.Input, metered, format, Refuse))
            {
                using var reader = RecordReaders.Open(part, malformed => _onProblem(malformed.ToString()));
                if (reader is null) Refuse(new MalformedRecord(part.Name, 0, 0, $"{part.Format} is not read by this version"));
                else await ReadPartAsync(reader, report, pending, stop);
                part.Content.Dispose();
                if (stop.IsCancellationRequested) break;
            }

            report.IsWhole = !stop.IsCancellationRequested;
        }
        finally
        {
            report.Bytes = metered.BytesRead;
            _reading = null;
            Interlocked.Add(ref _bytesBefore, report.Bytes);
        }

        void Refuse(MalformedRecord malformed)
        {
            report.Malformed++;
            _onProblem(malformed.ToString());
        }
    }

    private async Task ReadPartAsync(
        IRecordReader reader, InputReport report, ChannelWriter<Task<BatchFindings>> pending, CancellationToken stop)
    {
        _reader = reader;
        try
        {
            while (!stop.IsCancellationRequested)
            {
                if (!_batches.TryTake(out var batch)) batch = new EventBatch(BatchRecords, BatchBytes);
                var filled = false;
                try
                {
                    filled = reader.Fill(batch, null);
                }
                finally
                {
                    if (!filled)
                    {
                        batch.LetGo();
                        _batches.Add(batch);
                    }
                }

                if (!filled) break;
                await pending.WriteAsync(Task.Run(() => Evaluate(batch), CancellationToken.None), CancellationToken.None);
            }
        }
        finally
        {
            _reader = null;
            report.Events += reader.Records;
            report.Malformed += reader.Malformed;
            Interlocked.Add(ref _eventsBefore, reader.Records);
        }
    }

    private BatchFindings Evaluate(EventBatch batch)
    {
        if (!_engines.TryTake(out var engine)) engine = _engine.Share();
        var findings = new BatchFindings(engine, _builder);
        for (var i = 0; i < batch.Count; i++)
        {
            engine.Evaluate(batch.View(i), findings);
            Unasked?.Look(batch.View(i));
        }

        _engines.Add(engine);

        // Correlations read the records once more, in their order.
        if (_correlation is not null && findings.Matches.Count > 0) findings.Held = batch;
        else Recycle(batch);
        return findings;
    }

    private void Recycle(EventBatch batch)
    {
        batch.LetGo();
        _batches.Add(batch);
    }

    private async Task WriteAsync(Channel<Task<BatchFindings>> pending)
    {
        try
        {
            await foreach (var task in pending.Reader.ReadAllAsync())
            {
                var findings = await task;
                if (findings.Held is { } held)
                {
                    _correlation!.Complete(findings, held);
                    Recycle(held);
                }

                foreach (var alert in findings.Alerts)
                {
                    _output.Write(alert.Line.Span);
                    _output.WriteByte((byte)'\n');
                    _byRule[alert.RuleId] = _byRule.GetValueOrDefault(alert.RuleId) + 1;
                }

                Interlocked.Add(ref _alerts, findings.Alerts.Count);
                Failures += findings.Problems.Count;
                foreach (var problem in findings.Problems) _onProblem(problem);
            }
        }
        catch (Exception e)
        {
            // Nobody takes what is still read: the reading side must not wait for room.
            pending.Writer.TryComplete(e);
            throw;
        }
    }
}
