using System.Collections.Concurrent;
using System.Threading.Channels;
using Picket.Detection.Alerts.Ecs;
using Picket.Detection.Events;
using Picket.Detection.Sigma;
using Picket.Sensors.Replay;

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
    private readonly SigmaEngine _engine;
    private readonly AlertBuilder _builder;
    private readonly Stream _output;
    private readonly Action<string> _onProblem;
    private readonly int _workers;

    /// <summary>Makes a run.</summary>
    /// <param name="engine">The rules.</param>
    /// <param name="builder">Makes the alerts.</param>
    /// <param name="output">Where alerts go, a line each.</param>
    /// <param name="onProblem">Told of malformed records and failed rules, a line each.</param>
    /// <param name="workers">Engines that work side by side, at least 1.</param>
    public ReplayRun(SigmaEngine engine, AlertBuilder builder, Stream output, Action<string> onProblem, int workers)
    {
        _engine = engine;
        _builder = builder;
        _output = output;
        _onProblem = onProblem;
        _workers = workers;
    }

    /// <summary>Records read so far.</summary>
    public long Events { get; private set; }

    /// <summary>Lines that were no record.</summary>
    public long Malformed { get; private set; }

    /// <summary>Alerts written.</summary>
    public long Alerts { get; private set; }

    /// <summary>Times a rule failed on a record.</summary>
    public long Failures { get; private set; }

    /// <summary>Reads one input to its end.</summary>
    /// <exception cref="IOException">The input cannot be read or the output cannot be written.</exception>
    public async Task ReadAsync(string file)
    {
        // The bound is the memory that a run may take: so many batches are under way, and no more.
        var pending = Channel.CreateBounded<Task<BatchFindings>>(
            new BoundedChannelOptions(2 * _workers) { SingleReader = true, SingleWriter = true });
        var writing = WriteAsync(pending.Reader);
        var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1, FileOptions.SequentialScan);
        using var reader = new NdjsonReader(stream, file, malformed => _onProblem(malformed.ToString()));
        try
        {
            while (true)
            {
                if (!_batches.TryTake(out var batch)) batch = new EventBatch(BatchRecords, BatchBytes);
                if (!reader.Fill(batch, null))
                {
                    batch.LetGo();
                    _batches.Add(batch);
                    break;
                }

                var filled = batch;
                await pending.Writer.WriteAsync(Task.Run(() => Evaluate(filled)));
            }

            pending.Writer.Complete();
        }
        catch (Exception e)
        {
            pending.Writer.Complete(e);
            throw;
        }
        finally
        {
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await writing;
        Events += reader.Records;
        Malformed += reader.Malformed;
    }

    private BatchFindings Evaluate(EventBatch batch)
    {
        if (!_engines.TryTake(out var engine)) engine = _engine.Share();
        var findings = new BatchFindings(engine, _builder);
        for (var i = 0; i < batch.Count; i++) engine.Evaluate(batch.View(i), findings);
        batch.LetGo();
        _batches.Add(batch);
        _engines.Add(engine);
        return findings;
    }

    private async Task WriteAsync(ChannelReader<Task<BatchFindings>> pending)
    {
        await foreach (var task in pending.ReadAllAsync())
        {
            var findings = await task;
            foreach (var alert in findings.Alerts)
            {
                _output.Write(alert.Line.Span);
                _output.WriteByte((byte)'\n');
            }

            Alerts += findings.Alerts.Count;
            Failures += findings.Problems.Count;
            foreach (var problem in findings.Problems) _onProblem(problem);
        }
    }
}
