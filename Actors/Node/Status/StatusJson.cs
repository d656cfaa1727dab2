using System.Text.Json;
using Picket.Detection.Events;
using Picket.Node.CommandLine;
using Picket.Node.Hosting;
using Picket.Node.Self;
using Picket.Sensors;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Node.Status;

/// <summary>The status for machines. Names, once given, stay.</summary>
internal static class StatusJson
{
    public static void Write(Utf8JsonWriter json, StatusSource source, SelfSnapshot? self, IReadOnlyList<StatusOfActor> actors,
        IReadOnlyList<PartState> parts)
    {
        var kernel = KernelOf(source);
        var problems = StatusProblems.Of(source, self, actors, parts);
        json.WriteStartObject();
        json.WriteBoolean("healthy", problems.Count == 0);
        json.WriteStartArray("problems");
        foreach (var problem in problems) json.WriteStringValue(problem);
        json.WriteEndArray();
        WriteNode(json, source, self);
        WriteGuard(json, source);
        WriteSensors(json, parts);
        WriteEvents(json, source);
        WriteKernel(json, kernel);
        if (source.Logs?.Counts is { } logs)
        {
            json.WriteStartObject("logs");
            json.WriteNumber("lines", logs.Lines);
            json.WriteNumber("cut", logs.CutLines);
            json.WriteNumber("own", logs.OwnLines);
            json.WriteNumber("skipped_bytes", logs.SkippedTotal);
            json.WriteEndObject();
        }

        WriteHashes(json, source);
        WriteFiles(json, source);
        json.WriteStartObject("rules");
        json.WriteNumber("loaded", source.Rules.Rules.Count(rule => !rule.IsCopy));
        json.WriteNumber("failed", source.Rules.Errors.Count);
        json.WriteEndObject();
        WriteAlerts(json, source.Counters);
        json.WriteStartObject("store");
        json.WriteString("kind", source.Options.Store switch
        {
            { Sqlite: not null } => "sqlite",
            { Postgres: not null } => "postgresql",
            _ => "none",
        });
        if (self is not null) json.WriteBoolean("failing", self.AncestryInTrouble);
        json.WriteEndObject();
        WriteSelf(json, self);
        json.WriteStartArray("actors");
        foreach (var actor in actors)
        {
            json.WriteStartObject();
            json.WriteString("path", actor.Path);
            json.WriteBoolean("answers", actor.Answers);
            json.WriteNumber("restarts", actor.Restarts);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteNode(Utf8JsonWriter json, StatusSource source, SelfSnapshot? self)
    {
        json.WriteStartObject("node");
        json.WriteString("name", source.Options.Name);
        json.WriteString("version", VersionCommand.Version);
        json.WriteNumber("pid", Environment.ProcessId);
        json.WriteString("boot_id", RunningBoot.AsGiven);
        json.WriteString("data_dir", source.Options.DataDirectory);
        json.WriteString("started", source.Started);
        json.WriteNumber("uptime_s", (long)(source.Time.GetUtcNow() - source.Started).TotalSeconds);
        json.WriteNumber("rss_bytes", Environment.WorkingSet);
        json.WriteNumber("cpu_ms", (long)Environment.CpuUsage.TotalTime.TotalMilliseconds);
        if (self is not null) json.WriteNumber("heartbeats", self.Heartbeats);
        WriteHeap(json);
        json.WriteEndObject();
    }

    /// <summary>The managed heap as the last collection left it.</summary>
    private static void WriteHeap(Utf8JsonWriter json)
    {
        var heap = GC.GetGCMemoryInfo();
        json.WriteStartObject("heap");
        json.WriteNumber("used_bytes", heap.HeapSizeBytes);
        json.WriteNumber("fragmented_bytes", heap.FragmentedBytes);
        json.WriteNumber("committed_bytes", heap.TotalCommittedBytes);
        json.WriteNumber("allocated_bytes", GC.GetTotalAllocatedBytes());
        json.WriteStartArray("collections");
        for (var generation = 0; generation <= GC.MaxGeneration; generation++) json.WriteNumberValue(GC.CollectionCount(generation));
        json.WriteEndArray();
        json.WriteNumber("pause_ms", (long)GC.GetTotalPauseDuration().TotalMilliseconds);
        json.WriteEndObject();
    }

    private static void WriteGuard(Utf8JsonWriter json, StatusSource source)
    {
        json.WriteStartObject("guard");
        var guard = source.Guard?.Report;
        json.WriteString("state", guard?.State ?? "off");
        if (guard is { Pid: > 0 }) json.WriteNumber("pid", guard.Pid);
        if (guard is not null) json.WriteNumber("ended", guard.Ended);
        if (guard is { Reason.Length: > 0 }) json.WriteString("reason", guard.Reason);
        json.WriteEndObject();
    }

    private static void WriteSensors(Utf8JsonWriter json, IReadOnlyList<PartState> parts)
    {
        json.WriteStartArray("sensors");
        foreach (var part in parts)
        {
            json.WriteStartObject();
            json.WriteString("name", part.Name);
            json.WriteString("state", part.State.ToString().ToLowerInvariant());
            if (part.Since is { } since) json.WriteString("since", since);
            if (part.Reason.Length > 0) json.WriteString("reason", part.Reason);
            json.WriteStartArray("missing");
            foreach (var (program, reason) in part.Missing)
            {
                json.WriteStartObject();
                json.WriteString("program", program);
                json.WriteString("reason", reason);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteEvents(Utf8JsonWriter json, StatusSource source)
    {
        var counters = source.Counters;
        json.WriteStartObject("events");
        json.WriteNumber("seen", counters.Seen);
        json.WriteNumber("lost", counters.Lost);
        json.WriteNumber("malformed", counters.Malformed);
        json.WriteNumber("failed", counters.Failed);
        json.WriteNumber("dropped", counters.Dropped);
        json.WriteNumber("spilled", counters.Spilled);
        json.WriteNumber("batches_out", counters.BatchesOut);
        json.WriteEndObject();
    }

    /// <summary>The programs' own counters, which count since the pins were made.</summary>
    private static void WriteKernel(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<RecordKind, CounterRow>> kernel)
    {
        json.WriteStartArray("kernel");
        foreach (var (kind, row) in kernel)
        {
            json.WriteStartObject();
            json.WriteString("kind", kind.ToString().ToLowerInvariant());
            json.WriteNumber("seen", row.Seen);
            json.WriteNumber("submitted", row.Submitted);
            json.WriteNumber("lost", row.Lost);
            json.WriteNumber("refused", row.Refused);
            json.WriteNumber("busy", row.Busy);
            json.WriteNumber("self", row.Self);
            json.WriteNumber("unasked", row.Unasked);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteHashes(Utf8JsonWriter json, StatusSource source)
    {
        if (source.Counters.Context.Hashes is not { } hashes) return;
        json.WriteStartObject("hashes");
        json.WriteNumber("hits", hashes.Hits);
        json.WriteNumber("waiting", hashes.Waiting);
        for (var outcome = 0; outcome < (int)Detection.Context.Hashing.HashOutcome.Pending; outcome++)
        {
            var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(((Detection.Context.Hashing.HashOutcome)outcome).ToString());
            json.WriteNumber(name, hashes.Stage.LeftBy(outcome));
        }

        json.WriteEndObject();
    }

    private static void WriteFiles(Utf8JsonWriter json, StatusSource source)
    {
        if (source.Files is not { } files) return;
        json.WriteStartObject("own_files");
        json.WriteNumber("folders", files.Folders);
        json.WriteNumber("changes_own", files.Own);
        json.WriteNumber("changes_others", files.Others);
        json.WriteNumber("overflows", files.Overflows);
        json.WriteStartArray("unwatched");
        foreach (var (path, reason) in files.Unwatched)
        {
            json.WriteStartObject();
            json.WriteString("path", path);
            json.WriteString("reason", reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteAlerts(Utf8JsonWriter json, NodeCounters counters)
    {
        json.WriteStartObject("alerts");
        json.WriteNumber("matched", counters.Matched);
        json.WriteNumber("stored", counters.Written);
        json.WriteStartArray("sinks");
        foreach (var sink in counters.Sinks)
        {
            json.WriteStartObject();
            json.WriteString("name", sink.Name);
            json.WriteNumber("taken", sink.Edge.Taken);
            json.WriteNumber("behind", Behind(sink.Edge));
            json.WriteNumber("failures", sink.Failures);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteSelf(Utf8JsonWriter json, SelfSnapshot? self)
    {
        if (self is null) return;
        json.WriteStartObject("ledger");
        json.WriteBoolean("balanced", self.IsBalanced);
        json.WriteNumber("barrier", self.Passed);
        json.WriteStartArray("lines");
        foreach (var line in self.Lines)
        {
            json.WriteStartObject();
            json.WriteString("line", line.Line);
            json.WriteNumber("in", line.In);
            json.WriteNumber("out", line.Out);
            json.WriteString("detail", line.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartObject("notices");
        foreach (var (name, count) in self.Notices) json.WriteNumber(name, count);
        json.WriteEndObject();
    }

    private static long Behind(LedgerEdge edge) => Math.Max(0, edge.Given - edge.Taken - edge.Failed - edge.Dropped);

    /// <summary>The kinds of which something was seen; none when the maps are gone, as during a stop.</summary>
    private static IReadOnlyList<KeyValuePair<RecordKind, CounterRow>> KernelOf(StatusSource source)
    {
        if (source.Ebpf is not { } ebpf) return [];
        try
        {
            var rows = ebpf.Maps.ReadCounters();
            return [.. Enum.GetValues<RecordKind>().Where(kind => (int)kind > 0).Select(kind => KeyValuePair.Create(kind, rows[kind]))
                .Where(row => row.Value.Seen > 0)];
        }
        catch (Exception e) when (e is ObjectDisposedException or Sensors.Ebpf.Native.BpfException)
        {
            return [];
        }
    }
}
