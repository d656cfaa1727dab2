using Picket.Detection.Context;
using Picket.Detection.Context.Spill;
using Picket.Detection.Events;
using Picket.Detection.Events.Journal;
using Picket.Detection.Sigma.Correlation;
using Picket.Node.CommandLine;
using Picket.Node.Options;

namespace Picket.Node.Hosting;

/// <summary>What lies in the node's data folder: the journals of processes and of correlations, and the lanes of what waits.</summary>
internal sealed class NodeMemory : IDisposable
{
    private const long MaxBytes = 32L << 20;
    private const long MaxMatchBytes = 64L << 20;

    private NodeMemory(ProcessJournal processes, CorrelationJournal matches, SpillLanes? spill)
    {
        Processes = processes;
        Matches = matches;
        Spill = spill;
    }

    /// <summary>The processes.</summary>
    public ProcessJournal Processes { get; }

    /// <summary>What correlations took since they were last written as a whole.</summary>
    public CorrelationJournal Matches { get; }

    /// <summary>Where bulk events wait that the engines cannot keep up with; null when switched off, or without a sensor.</summary>
    public SpillLanes? Spill { get; }

    /// <summary>Opens all.</summary>
    /// <param name="options">The options.</param>
    /// <param name="credit">The pool whose batches are the pipeline's credit; null without a sensor.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="UsageException">A folder cannot be used, or belongs to something else.</exception>
    public static NodeMemory Open(NodeOptions options, BatchPool? credit, TimeProvider time)
    {
        var processes = Open(Path.Combine(options.DataDirectory, "processes"),
            folder => ProcessJournal.Open(DiskFileSpace.Instance, folder, RunningBoot.Current, MaxBytes, time));
        CorrelationJournal? matches = null;
        var lanes = new List<SpillLane>();
        try
        {
            matches = Open(Path.Combine(options.DataDirectory, "correlation"),
                folder => CorrelationJournal.Open(DiskFileSpace.Instance, folder, MaxMatchBytes, time));
            if (credit is null || options.Spill is not { } spill) return new NodeMemory(processes, matches, null);

            // What a run with more shards left is worked off as well.
            var folders = Path.Combine(options.DataDirectory, "spill");
            var left = Directory.Exists(folders) ? Directory.GetDirectories(folders, "shard-*").Length : 0;
            for (var shard = 0; shard < Math.Max(options.Shards, left); shard++)
            {
                var number = shard;
                lanes.Add(Open(Path.Combine(folders, $"shard-{shard}"),
                    folder => SpillLane.Open(DiskFileSpace.Instance, folder, number, spill.MaxBytes / options.Shards, time)));
            }

            return new NodeMemory(processes, matches, new SpillLanes(lanes, credit, spill.MinBacklog));
        }
        catch
        {
            foreach (var lane in lanes) lane.Dispose();
            matches?.Dispose();
            processes.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Spill?.Dispose();
        Matches.Dispose();
        Processes.Dispose();
    }

    private static T Open<T>(string folder, Func<string, T> open)
    {
        try
        {
            return open(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JournalFormatException)
        {
            throw new UsageException($"{folder}: {e.Message}");
        }
    }
}
