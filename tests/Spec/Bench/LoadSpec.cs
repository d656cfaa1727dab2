using System.Diagnostics;
using Picket.Node.Bench.Sensors;

namespace Picket.Spec.Bench;

/// <summary>The generator itself: that it does what it says, and says what it does.</summary>
public sealed class LoadSpec : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("picket-loadspec-").FullName;

    private string LogFile => Path.Combine(_folder, "load.log");

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void Every_operation_of_every_kind_is_in_the_log_in_its_order_and_nothing_stays()
    {
        var (code, output) = Run("--log", LogFile, "--dns-port", "0", "exec:5", "file:7:0:2", "tcp:6", "dns:8");
        Assert.Equal(0, code);
        Assert.Equal(["exec", "file", "tcp", "dns"], output.Select(kind => kind.Kind));
        Assert.Equal([5L, 7, 6, 8], output.Select(kind => kind.Rounds));
        Assert.All(output, kind => Assert.Equal(0, kind.Failed));
        var log = LoadLog.Read(LogFile);
        Assert.Equal(5, log.Workers.Count);
        Assert.True(log.BegunNs > 0 && log.BegunNs < log.EndedNs);
        var operations = log.Operations.ToArray();
        Assert.Equal(5 + (3 * 7) + (2 * 6) + (2 * 8), operations.Length);
        Assert.All(operations, operation => Assert.True(operation.Error == 0 && operation.BeforeNs > 0 && operation.BeforeNs <= operation.AfterNs));
        var files = operations.Where(operation => operation.Code is >= OperationCode.FileCreate and <= OperationCode.FileUnlink);
        foreach (var round in files.GroupBy(operation => (operation.Worker, operation.Number)))
        {
            Assert.Equal([OperationCode.FileCreate, OperationCode.FileRename, OperationCode.FileUnlink], round.Select(operation => operation.Code));
            Assert.Single(round.Select(operation => (operation.Inode, operation.Device, operation.Pid)).Distinct());
            Assert.All(round, operation => Assert.True(operation.Inode > 0 && log.Workers.Contains(operation.Pid)));
        }

        var executed = operations.Where(operation => operation.Code == OperationCode.Exec).ToList();
        Assert.Equal(5, executed.Select(operation => operation.Pid).Except(log.Workers).Distinct().Count());
        var accepted = operations.Where(operation => operation.Code == OperationCode.TcpAccept).ToDictionary(operation => operation.Number);
        foreach (var connected in operations.Where(operation => operation.Code == OperationCode.TcpConnect))
        {
            var other = accepted[connected.Number];
            Assert.Equal((connected.LocalPort, connected.RemotePort), (other.RemotePort, other.LocalPort));
            Assert.Equal(Bytes(connected.Remote), Bytes(other.Local));
            Assert.Equal(127, Bytes(connected.Remote)[12]);
        }

        Assert.Equal([1, 28], operations.Where(operation => operation.Code == OperationCode.DnsQuery).Select(operation => (int)operation.QueryType).Distinct().Order());
        Assert.False(Directory.Exists(log.Folder));
        Assert.StartsWith(_folder, log.Folder, StringComparison.Ordinal);
        Assert.Equal([LogFile], Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public void The_same_seed_does_the_same()
    {
        string Ids(string seed)
        {
            Assert.Equal(0, Run("--log", LogFile, "--seed", seed, "--dns-port", "0", "dns:20").Code);
            return string.Join(' ', LoadLog.Read(LogFile).Operations.ToArray().Select(operation => $"{operation.QueryId}/{operation.QueryType}"));
        }

        var first = Ids("7");
        Assert.Equal(first, Ids("7"));
        Assert.NotEqual(first, Ids("8"));
    }

    [Fact]
    public void A_rate_is_kept_and_the_time_ends_what_has_no_number()
    {
        var (code, output) = Run("--seconds", "0.5", "file:0:200", "tcp:0:100:2");
        Assert.Equal(0, code);
        Assert.InRange(output[0].Rounds, 80, 100);
        Assert.InRange(output[1].Rounds, 40, 51);
        Assert.InRange(output[0].Seconds, 0.4, 5);
    }

    [Theory]
    [InlineData("sleep:3")]
    [InlineData("exec:0")]
    [InlineData("exec:x")]
    [InlineData("exec:1:1:2")]
    [InlineData("exec:1:1:1:1")]
    [InlineData("--bogus", "exec:1")]
    [InlineData]
    public void What_cannot_be_done_is_refused_with_its_usage(params string[] arguments) => Assert.Equal(2, Run(arguments).Code);

    private (int Code, IReadOnlyList<LoadResult> Kinds) Run(params string[] arguments)
    {
        BenchTools.Require();
        var start = new ProcessStartInfo(BenchTools.Load, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["TMPDIR"] = _folder;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode == 2) Assert.Contains("load: ", error.GetAwaiter().GetResult(), StringComparison.Ordinal);
        return (process.ExitCode, output.Length > 0 ? LoadResult.Parse(output) : []);
    }

    private static byte[] Bytes(Operation.Address address)
    {
        ReadOnlySpan<byte> bytes = address;
        return bytes.ToArray();
    }
}
