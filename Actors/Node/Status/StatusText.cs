using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Picket.Node.Status;

/// <summary>The status for people: one screen, made of the JSON, so that both say the same.</summary>
internal static class StatusText
{
    public static string Of(JsonElement status)
    {
        var text = new StringBuilder();
        var node = status.GetProperty("node");
        Line(text, "node", Say($"{Word(node, "name")}, picket {Word(node, "version")}, pid {Number(node, "pid")}, up for ")
            + Time(Number(node, "uptime_s")) + Say($", {Number(node, "rss_bytes") >> 20} MiB, ")
            + Say($"{Number(node, "cpu_ms") / 1000.0:0.0} s of CPU"));
        var problems = status.GetProperty("problems");
        if (problems.GetArrayLength() == 0) Line(text, "health", "all is well");
        foreach (var problem in problems.EnumerateArray()) Line(text, "problem", problem.GetString()!);
        Line(text, "guard", GuardLine(status.GetProperty("guard")));
        foreach (var sensor in status.GetProperty("sensors").EnumerateArray()) Line(text, "sensor", SensorLine(sensor));
        var events = status.GetProperty("events");
        Line(text, "events", Say($"{Number(events, "seen")} seen, {Number(events, "lost")} lost, {Number(events, "malformed")} malformed, ")
            + Say($"{Number(events, "spilled")} wait on disk, {Number(events, "batches_out")} batches under way"));
        foreach (var row in status.GetProperty("kernel").EnumerateArray())
        {
            var lost = Number(row, "lost") + Number(row, "refused") + Number(row, "busy");
            if (lost == 0) continue;
            Line(text, "lost", Say($"{Word(row, "kind")}: {Number(row, "lost")} for a full ring, ")
                + Say($"{Number(row, "refused")} for the reserve, ")
                + Say($"{Number(row, "busy")} for want of scratch memory, since the pins were made"));
        }

        if (status.TryGetProperty("logs", out var logs))
        {
            Line(text, "logs", Say($"{Number(logs, "lines")} lines, {Number(logs, "cut")} cut, ")
                + Say($"{Number(logs, "skipped_bytes")} bytes skipped"));
        }

        if (status.TryGetProperty("hashes", out var hashes)) Line(text, "hashes", HashLine(hashes));
        if (status.TryGetProperty("own_files", out var files))
        {
            Line(text, "files", Say($"{Number(files, "folders")} of its own folders watched, {Number(files, "changes_others")} changes by ")
                + Say($"others, {Number(files, "changes_own")} by itself"));
        }

        var rules = status.GetProperty("rules");
        Line(text, "rules", Say($"{Number(rules, "loaded")} loaded, {Number(rules, "failed")} not")
            + (rules.TryGetProperty("since", out var since) ? Say($", since {since.GetString()}") : ""));
        if (rules.TryGetProperty("last_reload", out var last))
        {
            Line(text, "reload", Say($"{Word(last, "result")} at {Word(last, "at")} ({Word(last, "cause")}), ")
                + Say($"{Number(rules, "reloads")} so far, ")
                + Say($"{rules.GetProperty("kept").GetArrayLength()} files kept as they were"));
        }

        if (status.TryGetProperty("correlations", out var correlations) && Number(correlations, "rules") > 0)
        {
            Line(text, "correl.", Say($"{Number(correlations, "rules")} rules, {Number(correlations, "groups")} groups in ")
                + Say($"{Number(correlations, "bytes") / 1024} KiB, {Number(correlations, "fired")} fired, ")
                + Say($"{Number(correlations, "late")} late, ")
                + Say($"{Number(correlations, "evicted_matches")} matches and {Number(correlations, "evicted_groups")} groups gave way"));
        }

        var alerts = status.GetProperty("alerts");
        Line(text, "alerts", Say($"{Number(alerts, "matched")} matches, {Number(alerts, "stored")} in the outbox")
            + string.Concat(alerts.GetProperty("sinks").EnumerateArray().Select(SinkPart)));
        Line(text, "store", Word(status.GetProperty("store"), "kind"));
        if (status.TryGetProperty("ledger", out var ledger))
        {
            Line(text, "ledger", Say($"{(ledger.GetProperty("balanced").GetBoolean() ? "balances" : "does NOT balance")}, ")
                + Say($"{ledger.GetProperty("lines").GetArrayLength()} lines, barrier {Number(ledger, "barrier")}"));
        }

        var actors = status.GetProperty("actors").EnumerateArray().ToList();
        Line(text, "actors", Say($"{actors.Count(actor => actor.GetProperty("answers").GetBoolean())} of {actors.Count} answer, ")
            + Say($"{actors.Sum(actor => Number(actor, "restarts"))} restarts"));
        return text.ToString();
    }

    private static string GuardLine(JsonElement guard) =>
        Word(guard, "state") + (guard.TryGetProperty("pid", out var pid) ? Say($", pid {pid.GetInt64()}") : "");

    private static string SensorLine(JsonElement sensor)
    {
        var missing = sensor.GetProperty("missing").GetArrayLength();
        return Word(sensor, "name") + ": " + Word(sensor, "state") + (missing > 0 ? Say($", {missing} of its programs not") : "");
    }

    private static string SinkPart(JsonElement sink) =>
        Say($"; {Word(sink, "name")} took {Number(sink, "taken")}, {Number(sink, "behind")} behind");

    private static string HashLine(JsonElement hashes)
    {
        var without = new List<string>();
        foreach (var outcome in hashes.EnumerateObject())
        {
            if (outcome.Name is not ("hits" or "known" or "waiting") && outcome.Value.GetInt64() > 0)
                without.Add(Say($"{outcome.Value.GetInt64()} {outcome.Name.Replace('_', ' ')}"));
        }

        return Say($"{Number(hashes, "known")} files hashed, {Number(hashes, "hits")} known again, {Number(hashes, "waiting")} wait")
            + (without.Count > 0 ? "; without: " + string.Join(", ", without) : "");
    }

    private static void Line(StringBuilder text, string name, string what) =>
        text.Append(name.PadRight(9)).Append(Harmless(what)).Append('\n');

    /// <summary>Reasons quote the kernel and names of files: nothing in them may move a terminal's cursor.</summary>
    private static string Harmless(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));

    private static string Time(long seconds)
    {
        var time = TimeSpan.FromSeconds(seconds);
        return time.TotalDays >= 1 ? Say($"{time.Days} d {time.Hours} h") : time.TotalHours >= 1 ? Say($"{time.Hours} h {time.Minutes} min")
            : time.TotalMinutes >= 1 ? Say($"{time.Minutes} min {time.Seconds} s") : Say($"{seconds} s");
    }

    private static string Word(JsonElement of, string name) => of.GetProperty(name).GetString() ?? "";

    private static long Number(JsonElement of, string name) => of.GetProperty(name).GetInt64();

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
