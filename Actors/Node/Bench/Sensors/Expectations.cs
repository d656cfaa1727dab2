using System.Globalization;
using System.Net;

namespace Picket.Node.Bench.Sensors;

/// <summary>What each operation of the generator should look like to a sensor.</summary>
internal sealed class Expectations(string folder)
{
    private const int TypeA = 1;

    /// <summary>The kinds of events that an operation makes.</summary>
    public static IReadOnlyList<string> KindsOf(OperationCode code) => code switch
    {
        OperationCode.Exec => ["process_fork", "process_creation", "process_termination"],
        OperationCode.FileCreate => ["file_create", "file_modify"],
        OperationCode.FileRename => ["file_rename"],
        OperationCode.FileUnlink => ["file_delete"],
        OperationCode.TcpConnect => ["network_connect"],
        OperationCode.TcpAccept => ["network_accept"],
        OperationCode.DnsQuery => ["dns_query"],
        OperationCode.DnsAnswer => ["dns_answer"],
        _ => [],
    };

    /// <summary>The event of <paramref name="kind"/> that <paramref name="operation"/> should have made.</summary>
    /// <param name="operation">What was done.</param>
    /// <param name="before">The operation before it: a connection is established before it is accepted.</param>
    /// <param name="kind">One of <see cref="KindsOf"/>.</param>
    public Expectation Of(in Operation operation, in Operation before, string kind) => new(
        kind, SubjectOf(operation), operation.Code == OperationCode.TcpAccept ? before.BeforeNs : operation.BeforeNs, operation.AfterNs);

    /// <summary>In what the event differs from what was done; null when it does not.</summary>
    public string? FaultOf(in Operation operation, ExportedEvent seen)
    {
        if (seen.Pid != operation.Pid) return Say($"is of process {seen.Pid}");
        if (operation.Code == OperationCode.Exec && seen.Kind != "process_fork")
        {
            var image = Say($"{folder}/noop{operation.Worker}");
            if (seen.Image != image) return $"has the image {seen.Image}, not {image}";
            var line = Say($"noop {operation.Number}");
            if (seen.CommandLine != line) return $"has the command line '{seen.CommandLine}', not '{line}'";
        }

        // What an event does not say of its file cannot be wrong: of a name that is removed only the name is known for sure.
        if (operation.Inode == 0 || seen.Inode == 0 || (seen.Inode == operation.Inode && seen.Device == operation.Device)) return null;
        return Say($"is of the file {seen.Device}:{seen.Inode}, not {operation.Device}:{operation.Inode}");
    }

    private string SubjectOf(in Operation operation) => operation.Code switch
    {
        OperationCode.FileCreate => Made(operation),
        OperationCode.FileRename => $"{Made(operation)} -> {Renamed(operation)}",
        OperationCode.FileUnlink => Renamed(operation),
        OperationCode.TcpConnect => $"{End(operation.Local, operation.LocalPort)} -> {End(operation.Remote, operation.RemotePort)}",

        // The source is the end that began.
        OperationCode.TcpAccept => $"{End(operation.Remote, operation.RemotePort)} -> {End(operation.Local, operation.LocalPort)}",
        OperationCode.DnsQuery or OperationCode.DnsAnswer =>
            Say($"{(operation.QueryType == TypeA ? "A" : "AAAA")} q{operation.Number}.w{operation.Worker}.picket.test"),
        _ => Say($"{operation.Pid}"),
    };

    private string Made(in Operation operation) => Say($"{folder}/f{operation.Worker}-{operation.Number}");

    private string Renamed(in Operation operation) => Say($"{folder}/r{operation.Worker}-{operation.Number}");

    private static string End(ReadOnlySpan<byte> address, int port)
    {
        var whole = new IPAddress(address);
        return Say($"{(whole.IsIPv4MappedToIPv6 ? whole.MapToIPv4() : whole)}:{port}");
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
