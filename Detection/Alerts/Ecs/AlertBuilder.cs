using System.Buffers;
using System.Runtime.CompilerServices;
using Picket.Detection.Events;

namespace Picket.Detection.Alerts.Ecs;

/// <summary>Makes alerts of matches and notices. Stateless: any thread may call it.</summary>
public sealed class AlertBuilder
{
    private const string EcsVersion = "9.0.0";
    private const string NoticeFolder = "picket.";

    private readonly AlertOptions _options;
    private readonly TimeProvider _time;

    /// <summary>Makes a builder for one node.</summary>
    public AlertBuilder(AlertOptions options, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxValueBytes, 64);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxItems, 1);
        _options = options;
        _time = time;

        // Sources only look names up: those that alerts ask for must be known before the first record is read.
        RuntimeHelpers.RunClassConstructor(typeof(Fields).TypeHandle);
        RuntimeHelpers.RunClassConstructor(typeof(CallFields).TypeHandle);
        RuntimeHelpers.RunClassConstructor(typeof(AuditFields).TypeHandle);
        RuntimeHelpers.RunClassConstructor(typeof(LogFields).TypeHandle);
        RuntimeHelpers.RunClassConstructor(typeof(ProcessFields).TypeHandle);
        RuntimeHelpers.RunClassConstructor(typeof(SubjectFields).TypeHandle);
        RuntimeHelpers.RunClassConstructor(typeof(NetworkFields).TypeHandle);
        RuntimeHelpers.RunClassConstructor(typeof(HostFields).TypeHandle);
    }

    /// <summary>Makes the alert of one event.</summary>
    /// <param name="rule">The rule that matched.</param>
    /// <param name="view">The event.</param>
    /// <param name="matches">Why it matched.</param>
    public Alert Build(AlertRule rule, in EventView view, IReadOnlyList<AlertMatch> matches)
    {
        var id = AlertIds.OfEvent(view);
        return Build(rule, view, matches, null, AlertIds.OfAlert(rule, [id]), [id]);
    }

    /// <summary>Makes the alert of several events, as correlations have them.</summary>
    /// <param name="rule">The correlation rule.</param>
    /// <param name="view">The event that completed it, which the alert describes.</param>
    /// <param name="correlation">What the events have to do with each other.</param>
    public Alert Build(AlertRule rule, in EventView view, AlertCorrelation correlation) =>
        Build(rule, view, [], correlation, correlation.Id, correlation.Events);

    private Alert Build(AlertRule rule, in EventView view, IReadOnlyList<AlertMatch> matches, AlertCorrelation? correlation, StableId id,
        IReadOnlyList<StableId> events)
    {
        ref readonly var record = ref view.Record;
        var now = EcsTime.Now(_time);
        var when = correlation is not null ? correlation.ToNs
            : record.TimeNs == 0 ? now
            : (long)record.TimeNs + view.Source.ClockOffsetNs;
        var text = AlertText.Of(rule, view, correlation);
        var related = new Related();
        using var writer = new EcsWriter(_options.MaxValueBytes, _options.MaxItems);
        WriteEvent(writer, view, rule, id, when, now);
        writer.Text("message", text);
        WriteEcsVersion(writer);
        RuleFields.Write(writer, rule, _options);
        ThreatFields.Write(writer, rule.Tags);
        if (view.Context is null && record.Kind == EventKind.AuditRecord) LogRecordFields.WriteProcess(writer, view);
        else ProcessFields.Write(writer, view, related);
        LogRecordFields.Write(writer, view);
        SubjectFields.Write(writer, view, related);
        if (view.Source.File is null) HostFields.WriteOwn(writer, _options.Host, related);
        else HostFields.WriteRecorded(writer, view, related);
        HostFields.WriteAgent(writer, _options);
        related.Write(writer);
        writer.Begin("picket");
        RuleFields.WriteOwn(writer, rule);
        if (correlation is not null) CorrelationFields.Write(writer, correlation);
        OwnFields.Write(writer, view, matches, events, now - when, _options.Lost);
        writer.Remainders();
        writer.End();
        var likeness = correlation is null ? Likeness(rule, view, matches) : Likeness(rule, correlation);
        return new Alert(id, rule.Id, AlertLevels.Parse(rule.Level), when, likeness, text, writer.Finish());
    }

    /// <summary>Makes the alert of a notice.</summary>
    public Alert Build(Notice notice)
    {
        var now = EcsTime.Now(_time);
        var when = notice.TimeNs == 0 ? now : notice.TimeNs;
        var rule = new AlertRule("picket", NoticeFolder + notice.Name, notice.Title, "", AlertLevels.Word(notice.Level), null, null, null,
            [], [], null);
        var id = NoticeId(notice, when);
        var related = new Related();
        using var writer = new EcsWriter(_options.MaxValueBytes, _options.MaxItems);
        writer.Time("@timestamp", when);
        writer.Begin("event");
        writer.Text("id", id.ToString());
        writer.Text("kind", notice.Kind);
        writer.Texts("category", ["host"]);
        writer.Texts("type", ["info"]);
        writer.Text("action", notice.Name);
        writer.Text("code", notice.Name);
        writer.Text("module", "picket");
        writer.Text("dataset", "picket.notice");
        writer.Time("created", now);
        writer.Time("ingested", now);
        writer.Number("severity", AlertLevels.Severity(notice.Level));
        writer.End();
        writer.Text("message", notice.Message);
        WriteEcsVersion(writer);
        RuleFields.Write(writer, rule, _options);
        HostFields.WriteOwn(writer, _options.Host, related);
        HostFields.WriteAgent(writer, _options);
        related.Write(writer);
        writer.Begin("picket");
        RuleFields.WriteOwn(writer, rule);
        writer.Begin("notice");
        foreach (var detail in notice.Details)
        {
            if (detail.Text is null) writer.Number(detail.Name, detail.Number);
            else writer.Text(detail.Name, detail.Text);
        }

        writer.End();
        writer.Remainders();
        writer.End();
        return new Alert(id, rule.Id, notice.Level, when, default, AlertText.Of(notice), writer.Finish()) { IsNotice = true };
    }

    private void WriteEvent(EcsWriter writer, in EventView view, AlertRule rule, StableId id, long when, long now)
    {
        ref readonly var record = ref view.Record;
        var category = CategoryTable.Of(record, out var name);
        writer.Time("@timestamp", when);
        writer.Begin("event");
        writer.Text("id", id.ToString());
        writer.Text("kind", "alert");
        writer.Texts("category", [category.Category]);
        writer.Texts("type", category.Types);
        writer.Text("action", category.Action);
        writer.Text("outcome", category.Outcome);
        var code = view.First(Fields.EventId).Text;
        if (code.IsEmpty) writer.Text("code", name);
        else writer.Text("code", code);
        writer.Text("module", view.Source.Module);
        writer.Text("dataset", view.Source.Module + ".alert");
        writer.Number("sequence", (long)Math.Min(record.Sequence, long.MaxValue));
        writer.Time("created", now);
        writer.Time("ingested", now);
        writer.Number("severity", AlertLevels.Severity(AlertLevels.Parse(rule.Level)));
        WriteOriginal(writer, view);
        writer.End();
    }

    private void WriteOriginal(EcsWriter writer, in EventView view)
    {
        if (view.Source.Original is not { } original)
        {
            writer.Text("original", view.Raw, _options.MaxOriginalBytes);
            return;
        }

        var text = new ArrayBufferWriter<byte>();
        original.Write(view, text);
        writer.Text("original", text.WrittenSpan, _options.MaxOriginalBytes);
    }

    private static void WriteEcsVersion(EcsWriter writer)
    {
        writer.Begin("ecs");
        writer.Text("version", EcsVersion);
        writer.End();
    }

    /// <summary>Without a process key nothing says that two events concern one process: such alerts are like no other.</summary>
    private static StableId Likeness(AlertRule rule, in EventView view, IReadOnlyList<AlertMatch> matches)
    {
        var key = view.Record.Key;
        if (key.IsNone) return default;
        using var hash = new StableHash("picket.likeness.1");
        hash.Add(rule.Id).Add(rule.ContentHash).Add(view.Source.Origin).AddNumber(key.StartNs).AddNumber((uint)key.Pid);
        foreach (var match in matches) hash.Add(match.Selection).Add(match.Field).Add(match.Value);
        return hash.Finish();
    }

    /// <summary>Those of one rule about one group.</summary>
    private static StableId Likeness(AlertRule rule, AlertCorrelation correlation)
    {
        using var hash = new StableHash("picket.likeness.correlation.1");
        hash.Add(rule.Id).Add(rule.ContentHash);
        foreach (var (field, value) in correlation.Group) hash.Add(field).AddNumber(value is null ? 0UL : 1).Add(value ?? "");
        return hash.Finish();
    }

    private StableId NoticeId(Notice notice, long when)
    {
        using var hash = new StableHash("picket.notice.1");
        hash.Add(notice.Name).Add(_options.Host.Id);
        if (notice.Occurrence is { } occurrence) return hash.Add(occurrence).Finish();
        hash.AddNumber((ulong)when).Add(notice.Message);
        return hash.Finish();
    }
}
