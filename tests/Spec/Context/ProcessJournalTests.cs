using System.Text;
using Picket.Detection.Context;
using Picket.Detection.Events;
using Picket.Detection.Events.Journal;

namespace Picket.Spec.Context;

public sealed class ProcessJournalTests : IDisposable
{
    private const long Bound = 16L << 20;

    private readonly string _folder = Directory.CreateTempSubdirectory("picket-processes-").FullName;
    private readonly EventBatch _batch = new(16, 64 * 1024);
    private ulong _now;

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void A_killed_runs_successor_knows_the_program_of_a_process_that_has_ended_meanwhile()
    {
        Run("boot", table => [Put(table, 10, 1, "/bin/sh", "sh -c x"), Put(table, 11, 10, null, null), Put(table, 12, 10, "/bin/nc", "nc -e /bin/sh")]);
        Next("boot", table =>
        {
            Look(table, 10);
            var end = Apply(table, EventKind.ProcessTermination, 12, 10, null, null);
            Assert.Equal("/bin/nc", Text(end.Find(Fields.Image)));
            Assert.Equal("nc -e /bin/sh", Text(end.Find(Fields.CommandLine)));
            Assert.Equal("/bin/sh", Text(end.Find(Fields.ParentImage)));
            Assert.Equal("/bin/sh", Text(Apply(table, EventKind.ProcessTermination, 11, 10, null, null).Find(Fields.Image)));
        });
    }

    [Fact]
    public void A_living_process_keeps_its_dead_parent_over_a_restart()
    {
        Run("boot", table => [Put(table, 20, 1, "/usr/sbin/sshd", "sshd"), Put(table, 21, 20, "/bin/bash", "bash")]);
        Next("boot", table =>
        {
            Look(table, 21);
            Assert.Equal("/usr/sbin/sshd", Text(table.Find(new ProcessKey(21, 21))!.Find(Fields.ParentImage)));
            Assert.Equal([21], table.Living.Select(context => context.Key.Pid));

            // Those that are dead are forgotten once the ring's old records have passed.
            table.Expire(100_000_000_000);
            Assert.Null(table.Find(new ProcessKey(20, 20)));
            Assert.NotNull(table.Find(new ProcessKey(21, 21)));
        });
    }

    [Fact]
    public void Another_boot_knows_nothing_of_this_one()
    {
        Run("boot", table => [Put(table, 30, 1, "/bin/sh", "sh")]);
        Next("next boot", table => Assert.Equal(0, table.Count));
    }

    [Fact]
    public void The_journal_keeps_its_bound_and_the_newest()
    {
        Run("boot", table =>
        {
            var contexts = new List<ProcessContext>();
            for (var pid = 100; pid < 1_200; pid++) contexts.Add(Put(table, pid, 1, "/bin/long", new string('x', 30_000)));
            return contexts;
        });
        Assert.True(Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length) <= Bound);
        Next("boot", table =>
        {
            Assert.InRange(table.Count, 100, 600);
            Assert.NotNull(table.Find(new ProcessKey(1_199, 1_199)));
        });
    }

    [Fact]
    public void A_journal_that_is_full_keeps_the_whole_table_and_leaves_behind_what_has_left_it()
    {
        var table = Table();
        using (var journal = Open("boot", 2 * Bound))
        {
            journal.Add(Put(table, 20, 1, "/usr/sbin/sshd", "sshd"), table);
            journal.Add(Put(table, 21, 20, null, null), table);
            for (var pid = 100; pid < 1_500; pid++)
            {
                journal.Add(Put(table, pid, 20, "/bin/long", new string('x', 30_000)), table);
                _now += 10_000_000_000;
                Apply(table, EventKind.ProcessTermination, pid, 20, null, null);
                table.Expire(_now + 10_000_000_000);
            }

            Assert.Equal(0, journal.Unwritten);
        }

        Assert.True(Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length) <= 2 * Bound);
        using var opened = Open("boot", 2 * Bound);
        var next = Table();
        opened.Restore(next);
        Assert.Equal("/usr/sbin/sshd", Text(next.Find(new ProcessKey(20, 20))!.Find(Fields.Image)));
        Assert.Equal("/usr/sbin/sshd", Text(next.Find(new ProcessKey(21, 21))!.Find(Fields.Image)));
        Assert.Equal(20, next.Find(new ProcessKey(21, 21))!.Parent!.Key.Pid);
        Assert.Null(next.Find(new ProcessKey(100, 100)));
    }

    private static string Text(FieldValue value) => Encoding.UTF8.GetString(value.Text);

    private void Run(string boot, Func<ProcessTable, IEnumerable<ProcessContext>> make)
    {
        using var journal = Open(boot);
        var table = Table();
        foreach (var context in make(table).ToList()) journal.Add(context, table);
        Assert.Equal(0, journal.Unwritten);
    }

    private void Next(string boot, Action<ProcessTable> check)
    {
        using var journal = Open(boot);
        var table = Table();
        journal.Restore(table);
        check(table);
    }

    private void Look(ProcessTable table, params int[] living)
    {
        table.BeginSweep();
        foreach (var pid in living) Apply(table, EventKind.ProcessSnapshot, pid, 1, "/from/the/list", "list");
        table.EndSweep(10_000_000_000);
    }

    private ProcessContext Put(ProcessTable table, int pid, int parent, string? image, string? line) =>
        Apply(table, image is null ? EventKind.ProcessFork : EventKind.ProcessCreation, pid, parent, image, line);

    private ProcessContext Apply(ProcessTable table, EventKind kind, int pid, int parent, string? image, string? line)
    {
        _batch.Begin(new EventSource("test", "boot", null, 0), null);
        ref var record = ref _batch.Add(kind);
        record.Key = new ProcessKey((ulong)pid, pid);
        record.TimeNs = _now;
        if (image is not null) _batch.AddText(Fields.Image, Encoding.UTF8.GetBytes(image));
        if (line is not null) _batch.AddText(Fields.CommandLine, Encoding.UTF8.GetBytes(line));
        _batch.SetDetail(new ProcessDetail { ParentPid = parent, ParentStartNs = (ulong)parent, LoginUid = uint.MaxValue, SessionId = uint.MaxValue });
        var context = table.Apply(_batch.View(0), out _)!;
        _batch.LetGo();
        return context;
    }

    private ProcessJournal Open(string boot, long bound = Bound) => ProcessJournal.Open(DiskFileSpace.Instance, _folder, boot, bound, TimeProvider.System);

    private static ProcessTable Table() => new("boot", "/nonexistent", TimeSpan.FromSeconds(5), TimeProvider.System);
}
