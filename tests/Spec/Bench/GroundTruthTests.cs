using System.Runtime.InteropServices;
using System.Text;
using Picket.Node.Bench.Sensors;

namespace Picket.Spec.Bench;

/// <summary>The comparison finds what it is there to find: each fault is planted once.</summary>
public sealed class GroundTruthTests : IDisposable
{
    private const string Private = "/tmp/private";
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void What_was_done_and_seen_is_accounted_for() => Assert.All(Compare(Seen(0), Seen(1)), account =>
        Assert.Equal((2L, 2L, 0L, 0L, 0L, 0L), (account.Done, account.Seen, account.Lost, account.Unaccounted, account.Wrong, account.Repeated)));

    [Fact]
    public void An_event_that_is_missing_is_unaccounted_unless_the_node_counted_it_as_lost()
    {
        var account = Creations(Compare(_ => 0, Seen(0)));
        Assert.Equal((1L, 0L, 1L), (account.Seen, account.Lost, account.Unaccounted));
        Assert.Contains("Exec 1 of worker 0, process 11, was not seen", account.Example);
        account = Creations(Compare(_ => 5, Seen(0)));
        Assert.Equal((1L, 1L, 0L), (account.Seen, account.Lost, account.Unaccounted));
    }

    [Fact]
    public void The_event_of_a_later_process_with_the_same_id_is_another_one()
    {
        var account = Creations(Compare(Seen(0), [.. Seen(1).Select(seen => seen with { StartNs = seen.StartNs + 1_000 })]));
        Assert.Equal((1L, 1L), (account.Seen, account.Unaccounted));
    }

    [Fact]
    public void Wrong_content_is_found()
    {
        foreach (var (change, says) in (IEnumerable<(Func<ExportedEvent, ExportedEvent>, string)>)
        [
            (seen => seen with { Image = "/bin/other" }, "image /bin/other"),
            (seen => seen with { CommandLine = "noop 0" }, "command line 'noop 0', not 'noop 1'"),
            (seen => seen with { Inode = 8 }, "file 1:8, not 1:7"),
            (seen => seen with { Device = 2 }, "file 2:7, not 1:7"),
        ])
        {
            var account = Creations(Compare(Seen(0), [.. Seen(1).Select(change)]));
            Assert.Equal((2L, 1L), (account.Seen, account.Wrong));
            Assert.Contains(says, account.Example);
        }
    }

    [Fact]
    public void An_event_that_comes_twice_is_said()
    {
        var account = Creations(Compare(Seen(0), Seen(1), Seen(1)));
        Assert.Equal((2L, 1L), (account.Seen, account.Repeated));
    }

    [Fact]
    public void What_failed_is_not_looked_for()
    {
        WriteLog(2);
        Assert.Empty(new GroundTruth(LoadLog.Read(_file), [], _ => 0).Compare());
    }

    [Fact]
    public void A_file_that_is_no_log_is_refused()
    {
        File.WriteAllBytes(_file, new byte[300]);
        Assert.Throws<InvalidDataException>(() => LoadLog.Read(_file));
    }

    private static Account Creations(IReadOnlyList<Account> accounts) => accounts.Single(account => account.Kind == "process_creation");

    private IReadOnlyList<Account> Compare(params ExportedEvent[][] events) => Compare(_ => 0, events);

    private IReadOnlyList<Account> Compare(Func<string, long> lost, params ExportedEvent[][] events)
    {
        WriteLog(0);
        var log = LoadLog.Read(_file);
        Assert.Equal((Private, 11), (log.Folder, log.Operations[1].Pid));
        return new GroundTruth(log, events.SelectMany(one => one), lost).Compare();
    }

    /// <summary>The three events of a round.</summary>
    private static ExportedEvent[] Seen(int round) =>
    [
        .. ((string[])["process_fork", "process_creation", "process_termination"]).Select(kind => new ExportedEvent
        {
            Kind = kind, Pid = 10 + round, StartNs = (ulong)(1000 * round) + 600, DelayNs = 1, Inode = 7, Device = 1, Image = Private + "/noop0", CommandLine = $"noop {round}",
        }),
    ];

    /// <summary>Two rounds of one worker.</summary>
    private void WriteLog(int error)
    {
        var operations = new Operation[2];
        for (var i = 0; i < operations.Length; i++)
        {
            operations[i] = new Operation
            {
                Code = OperationCode.Exec, Pid = 10 + i, Number = (uint)i, BeforeNs = (ulong)(1000 * i) + 500, AfterNs = (ulong)(1000 * i) + 900,
                Inode = 7, Device = 1, Error = error,
            };
        }

        var header = new byte[256];
        "PKTLOAD1"u8.CopyTo(header);
        BitConverter.TryWriteBytes(header.AsSpan(8), Marshal.SizeOf<Operation>());
        BitConverter.TryWriteBytes(header.AsSpan(12), 1);
        BitConverter.TryWriteBytes(header.AsSpan(16), (long)operations.Length);
        Encoding.UTF8.GetBytes(Private).CopyTo(header, 48);
        using var file = File.Create(_file);
        file.Write(header);
        file.Write(new byte[16]);
        file.Write(MemoryMarshal.AsBytes(operations.AsSpan()));
    }
}
