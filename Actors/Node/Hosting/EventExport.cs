using Picket.Detection.Alerts.Sinks;
using Picket.Detection.Events;
using Picket.Detection.Events.Journal;
using Picket.Detection.Export;
using Picket.Node.CommandLine;
using Picket.Node.Options;

namespace Picket.Node.Hosting;

/// <summary>The export of events: what of it outlives the actors.</summary>
internal sealed class EventExport : IDisposable
{
    private readonly ExportOptions _options;
    private readonly ExportFile _file;
    private readonly TimeProvider _time;
    private readonly List<ExportEngine> _engines = [];

    private EventExport(ExportOptions options, ExportFile file, TimeProvider time)
    {
        _options = options;
        _file = file;
        _time = time;
    }

    /// <summary>Opens the file; null when nothing is exported.</summary>
    /// <param name="options">Where and what.</param>
    /// <param name="notices">Told what happens to the file.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="UsageException">The file cannot be used, or another node writes to it.</exception>
    public static EventExport? Open(NodeOptions options, Action<SinkNotice> notices, TimeProvider time)
    {
        if (options.Export is not { } export) return null;
        try
        {
            return new EventExport(export, ExportFile.Open(DiskFileSpace.Instance, export, notices), time);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{export.Path}: {e.Message}");
        }
    }

    /// <summary>What the rules ask for, and the export.</summary>
    public static EventInterest AddTo(EventInterest rules, ExportOptions? export) => export is null ? rules : rules.With(export.Kinds);

    /// <summary>The state of one shard's stage, over an engine of its own.</summary>
    public ExportState StateOf(int shard)
    {
        var engine = new ExportEngine(_options, _file, _time);
        _engines.Add(engine);
        return new ExportState(shard, engine);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var engine in _engines) engine.Dispose();
        _file.Dispose();
    }
}
