using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using Picket.Node.CommandLine;
using Picket.Node.Status;

namespace Picket.Spec.Cli;

/// <summary>One question, one answer; who asks badly costs the node nothing.</summary>
[SupportedOSPlatform("linux")]
public sealed class StatusServerTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly string _folder = TestFolder.Make("status");
    private readonly StatusServer _server;
    private string _answer = "{\"healthy\":true}\n";

    public StatusServerTests() => _server = Open();

    public void Dispose()
    {
        _server.Dispose();
        Directory.Delete(_folder, true);
    }

    [Fact]
    public async Task It_answers_who_asks_and_its_socket_is_its_users_alone()
    {
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(StatusServer.PathIn(_folder)));
        for (var i = 0; i < 3 * StatusServer.MaxConnections; i++) Assert.True(await HealthyAsync());
    }

    [Fact]
    public async Task A_long_answer_arrives_whole_and_one_that_nobody_takes_is_given_up()
    {
        _answer = $"{{\"healthy\":true,\"long\":\"{new string('x', 1 << 20)}\"}}";
        using var idle = Connect();
        idle.Send("status\n"u8);
        Assert.True(await HealthyAsync());

        // What fits into the kernel's buffer can be read, the rest was given up.
        await UntilClosedAsync(idle, _answer.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("status")]
    [InlineData("tree\n")]
    [InlineData("STATUS\n")]
    [InlineData("\0\u0001\u0002garbage without an end that goes on and on and on and on and on and on and on")]
    public async Task Who_sends_nothing_half_a_line_or_garbage_gets_no_status_and_is_closed(string sent)
    {
        using var bad = Connect();
        bad.Send(Encoding.Latin1.GetBytes(sent));
        Assert.True(await HealthyAsync());
        Assert.DoesNotContain("healthy", await UntilClosedAsync(bad, 1024));
        Assert.True(await HealthyAsync());
    }

    [Fact]
    public async Task More_connections_than_it_serves_are_closed_and_later_ones_served()
    {
        var many = Enumerable.Range(0, 4 * StatusServer.MaxConnections).Select(_ => Connect()).ToList();
        foreach (var one in many) await UntilClosedAsync(one, 1024);
        foreach (var one in many) one.Dispose();
        Assert.True(await HealthyAsync());
    }

    [Fact]
    public async Task A_socket_that_was_left_behind_tells_of_its_node_and_is_replaced()
    {
        var path = StatusServer.PathIn(_folder);
        _server.Dispose();
        Assert.False(File.Exists(path));
        Assert.Equal($"no node runs with the data folder {_folder}", (await Assert.ThrowsAsync<MissingPartException>(HealthyAsync)).Message);

        // One that is bound and does not listen looks like one whose process is gone; to close it would remove its name.
        using var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        left.Bind(new UnixDomainSocketEndPoint(path));
        Assert.Contains("did not end in order", (await Assert.ThrowsAsync<MissingPartException>(HealthyAsync)).Message);
        using var next = Open();
        Assert.True(await HealthyAsync());
    }

    [Fact]
    public async Task A_broken_answer_is_an_error_and_no_status()
    {
        _answer = "{\"healthy\":tr";
        Assert.Contains("broke off", (await Assert.ThrowsAsync<MissingPartException>(HealthyAsync)).Message);
        await Assert.ThrowsAsync<MissingPartException>(() => StatusClient.AskAsync("/" + new string('x', 200), CancellationToken.None));
    }

    private StatusServer Open() => StatusServer.Open(StatusServer.PathIn(_folder),
        new Dictionary<string, Func<CancellationToken, Task<byte[]>>> { [StatusServer.Question] = _ => Task.FromResult(Encoding.ASCII.GetBytes(_answer)) }, TimeProvider.System);

    private async Task<bool> HealthyAsync()
    {
        using var status = await StatusClient.AskAsync(_folder, TestContext.Current.CancellationToken);
        return status.RootElement.GetProperty("healthy").GetBoolean();
    }

    private Socket Connect()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(StatusServer.PathIn(_folder)));
        return socket;
    }

    /// <summary>What is sent until the end, which must come.</summary>
    private static async Task<string> UntilClosedAsync(Socket socket, int most)
    {
        using var limit = new CancellationTokenSource(Limit);
        var clock = Stopwatch.StartNew();
        var text = new StringBuilder();
        var chunk = new byte[most + 1];
        try
        {
            for (int count; (count = await socket.ReceiveAsync(chunk, limit.Token)) > 0;) text.Append(Encoding.Latin1.GetString(chunk, 0, count));
        }
        catch (SocketException)
        {
            // Closed with bytes that nobody read.
        }

        Assert.True(clock.Elapsed < Limit, "the connection was not closed");
        return text.ToString();
    }
}
