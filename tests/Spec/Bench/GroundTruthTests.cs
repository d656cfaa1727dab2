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
            (seen => seen with { Pid = 99 }, "is of process 99"),
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
        WriteLog(Execs(error: 2));
        Assert.Empty(new GroundTruth(LoadLog.Read(_file), [], _ => 0).Compare());
    }

    /// <summary>Lines as they are exported, with the fields that are compared.</summary>
    [Theory]
    [InlineData(nameof(OperationCode.FileCreate), "file_create", "\"TargetFilename\":\"/tmp/private/f3-4\",\"FileInode\":7,\"FileDevice\":\"8:1\"", 2)]
    [InlineData(nameof(OperationCode.FileCreate), "file_modify", "\"TargetFilename\":\"/tmp/private/f3-4\",\"FileInode\":7,\"FileDevice\":\"8:1\"", 2)]
    [InlineData(nameof(OperationCode.FileRename), "file_rename", "\"TargetFilename\":\"/tmp/private/r3-4\",\"SourceFilename\":\"/tmp/private/f3-4\"", 1)]
    [InlineData(nameof(OperationCode.FileUnlink), "file_delete", "\"TargetFilename\":\"/tmp/private/r3-4\"", 1)]
    [InlineData(nameof(OperationCode.TcpConnect), "network_connect", "\"SourceIp\":\"127.0.0.1\",\"SourcePort\":5,\"DestinationIp\":\"127.0.0.2\",\"DestinationPort\":6", 1)]
    [InlineData(nameof(OperationCode.TcpAccept), "network_accept", "\"SourceIp\":\"127.0.0.2\",\"SourcePort\":6,\"DestinationIp\":\"127.0.0.1\",\"DestinationPort\":5", 1)]
    [InlineData(nameof(OperationCode.DnsQuery), "dns_query", "\"QueryName\":\"q4.w3.picket.test\",\"QueryType\":\"AAAA\"", 1)]
    [InlineData(nameof(OperationCode.DnsAnswer), "dns_answer", "\"QueryName\":\"q4.w3.picket.test\",\"QueryType\":\"AAAA\"", 1)]
    public void Each_operation_finds_its_event(string name, string kind, string fields, int kinds)
    {
        var code = Enum.Parse<OperationCode>(name);
        var lines = _file + ".ndjson";
        try
        {
            File.WriteAllText(lines, $"{{{fields},\"picket\":{{\"kind\":\"{kind}\",\"pid\":12,\"start_ns\":1,\"time_ns\":600,\"delay_ns\":1}}}}\n");
            var accounts = Compare(lines, 500);
            Assert.Equal(kinds, accounts.Count);
            var account = accounts.Single(one => one.Kind == kind);
            Assert.Equal((1L, 1L, 0L, 0L), (account.Done, account.Seen, account.Wrong, account.Unaccounted));

            // The same name or port at another time is another event.
            Assert.Equal(1, Compare(lines, 601).Single(one => one.Kind == kind).Unaccounted);
        }
        finally
        {
            File.Delete(lines);
        }

        IReadOnlyList<Account> Compare(string seen, ulong beforeNs)
        {
            var operation = new Operation
            {
                Code = code, Worker = 3, Number = 4, Pid = 12, BeforeNs = beforeNs, AfterNs = 900, Inode = 7, Device = (8 << 20) | 1,
                LocalPort = 5, RemotePort = 6, QueryType = 28,
            };
            Span<byte> local = operation.Local, remote = operation.Remote;
            (local[10], local[11], local[12], local[15]) = (0xFF, 0xFF, 127, 1);
            (remote[10], remote[11], remote[12], remote[15]) = (0xFF, 0xFF, 127, 2);
            if (code is not (OperationCode.TcpConnect or OperationCode.TcpAccept)) (operation.LocalPort, operation.RemotePort) = (0, 0);
            WriteLog([operation]);
            var log = LoadLog.Read(_file);
            return new GroundTruth(log, ExportedEvent.Read(seen, GroundTruth.ProcessesOf(log).Contains), _ => 0).Compare();
        }
    }

    [Fact]
    public void A_connection_may_be_established_before_it_is_accepted()
    {
        var connected = new Operation { Code = OperationCode.TcpConnect, Pid = 12, BeforeNs = 500, AfterNs = 700 };
        var accepted = connected with { Code = OperationCode.TcpAccept, BeforeNs = 800, AfterNs = 900 };
        WriteLog([connected, accepted]);
        var seen = new ExportedEvent { Kind = "network_accept", Subject = ":::0 -> :::0", Pid = 12, StartNs = 1, TimeNs = 600, DelayNs = 1 };
        var account = new GroundTruth(LoadLog.Read(_file), [seen], _ => 0).Compare().Single(one => one.Kind == "network_accept");
        Assert.Equal(1, account.Seen);
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
        WriteLog(Execs(error: 0));
        var log = LoadLog.Read(_file);
        Assert.Equal((Private, 11), (log.Folder, log.Operations[1].Pid));
        return new GroundTruth(log, events.SelectMany(one => one), lost).Compare();
    }

    /// <summary>The three events of a round.</summary>
    private static ExportedEvent[] Seen(int round) =>
    [
        .. ((string[])["process_fork", "process_creation", "process_termination"]).Select(kind => new ExportedEvent
        {
            Kind = kind, Subject = $"{10 + round}", Pid = 10 + round, StartNs = (ulong)(1000 * round) + 600, TimeNs = 5_000, DelayNs = 1, Inode = 7, Device = 1,
            Image = Private + "/noop0", CommandLine = $"noop {round}",
        }),
    ];

    /// <summary>Two rounds of one worker.</summary>
    private static Operation[] Execs(int error) =>
    [
        .. Enumerable.Range(0, 2).Select(round => new Operation
        {
            Code = OperationCode.Exec, Pid = 10 + round, Number = (uint)round, BeforeNs = (ulong)(1000 * round) + 500, AfterNs = (ulong)(1000 * round) + 900,
            Inode = 7, Device = 1, Error = error,
        }),
    ];

    private void WriteLog(Operation[] operations)
    {
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
