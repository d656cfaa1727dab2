using System.Text;
using Picket.Detection.Context;
using Picket.Detection.Events;

namespace Picket.Spec.Context;

/// <summary>What a process is allowed changes without a new program; and an event may be about two processes.</summary>
public sealed class StandingTests : IDisposable
{
    private readonly string _passwd = Path.GetTempFileName();
    private readonly ProcessTable _table;
    private readonly EventBatch _batch = new(16, 64 * 1024);

    public StandingTests()
    {
        File.WriteAllText(_passwd, "root:x:0:0::/root:/bin/sh\nalice:x:1000:1000::/:/bin/sh\n");
        _table = new ProcessTable("boot", _passwd, TimeSpan.FromSeconds(1), TimeProvider.System);
        Apply(EventKind.ProcessSnapshot, 1, 1, 0, "/sbin/init");
        Apply(EventKind.ProcessCreation, 2, 2, 0, "/usr/sbin/daemon");
    }

    public void Dispose() => File.Delete(_passwd);

    [Theory]
    [InlineData(EventKind.SetId)]
    [InlineData(EventKind.Capset)]
    [InlineData(EventKind.Unshare)]
    [InlineData(EventKind.Setns)]
    public void Later_events_have_the_new_account_and_the_same_program_and_parent(EventKind kind)
    {
        var (view, context, change) = Apply(kind, 2, 2, 1000, null);
        Assert.Equal(ProcessChange.Changed, change);
        Assert.Equal("alice", Text(context!.Find(Fields.User)));
        Assert.Equal("/usr/sbin/daemon", Text(context.Find(Fields.Image)));
        Assert.Equal("/sbin/init", Text(context.Find(Fields.ParentImage)));
        Assert.Same(context, _table.Find(new ProcessKey(2, 2)));
        Assert.Equal("1000", Text(context.Find(AuditFields.EffectiveUid)));
        Assert.Equal("root", Text(view.First(CallFields.OldUser)));
        Assert.Equal("0", Text(view.First(CallFields.OldEuid)));
        Assert.Equal("0000000000000000", Text(view.First(CallFields.OldCapEffective)));
        Assert.False(view.First(CallFields.TargetImage).IsPresent);
    }

    [Fact]
    public void One_thread_for_itself_changes_nothing_for_the_process()
    {
        var (_, context, change) = Apply(EventKind.SetId, 2, 3, 1000, null);
        Assert.Equal((ProcessChange.None, "root"), (change, Text(context!.Find(Fields.User))));
    }

    [Fact]
    public void The_same_again_is_no_change_and_an_unknown_process_stays_unknown()
    {
        var before = _table.Find(new ProcessKey(2, 2));
        Assert.Same(before, Apply(EventKind.SetId, 2, 2, 0, null).Context);
        Assert.Null(Apply(EventKind.SetId, 77, 77, 1000, null).Context);
        Assert.Null(_table.Find(new ProcessKey(77, 77)));
    }

    [Fact]
    public void A_trace_names_both_processes()
    {
        var (view, _, _) = Apply(EventKind.Ptrace, 2, 2, 0, null, new ProcessKey(1, 1));
        Assert.Equal("/usr/sbin/daemon", Text(view.First(CallFields.SourceImage)));
        Assert.Equal("2", Text(view.First(CallFields.SourceProcessId)));
        Assert.Equal("/sbin/init", Text(view.First(CallFields.TargetImage)));
        Assert.Equal("root", Text(view.First(CallFields.TargetUser)));
        Assert.Equal("boot-1-1", Text(view.First(CallFields.TargetProcessGuid)));
        Assert.False(view.First(CallFields.OldUser).IsPresent);
        var values = 0;
        foreach (var value in view.All(CallFields.TargetImage)) values += value.Text.Length > 0 ? 1 : 0;
        Assert.Equal(1, values);
    }

    [Fact]
    public void A_process_creation_knows_no_source_and_no_target()
    {
        var (view, _, _) = Apply(EventKind.ProcessCreation, 2, 2, 0, "/bin/x");
        Assert.False(view.First(CallFields.SourceImage).IsPresent);
        Assert.False(view.First(CallFields.TargetImage).IsPresent);
    }

    private Applied Apply(EventKind kind, int pid, int thread, uint uid, string? image, ProcessKey target = default)
    {
        if (_batch.Count > 0) _batch.LetGo();
        _batch.Begin(new EventSource("test", "boot", null, 0), null);
        ref var record = ref _batch.Add(kind);
        record.Key = new ProcessKey((ulong)pid, pid);
        record.ThreadId = thread;
        record.Target = target;
        if (image is not null) _batch.AddText(Fields.Image, Encoding.UTF8.GetBytes(image));
        _batch.SetDetail(new ProcessDetail
        {
            ParentPid = pid - 1, ParentStartNs = (ulong)(pid - 1), Uid = uid, EffectiveUid = uid, LoginUid = uint.MaxValue, SessionId = uint.MaxValue,
        });
        var other = _table.OtherOf(_batch.Records[0]);
        var context = _table.Apply(_batch.View(0), out var change);
        _batch.Attach(0, context, other);
        return new Applied(_batch.View(0), context, change);
    }

    private readonly ref struct Applied(EventView view, ProcessContext? context, ProcessChange change)
    {
        public EventView View { get; } = view;

        public ProcessContext? Context { get; } = context;

        public ProcessChange Change { get; } = change;

        public void Deconstruct(out EventView view, out ProcessContext? context, out ProcessChange change)
        {
            view = View;
            context = Context;
            change = Change;
        }
    }

    private static string Text(FieldValue value) => Encoding.UTF8.GetString(value.Text);
}
