using System.Text;
using System.Text.Json;
using Picket.Node.Bench.Sigma;
using Picket.Node.CommandLine;
using Picket.Spec.Alerts;

namespace Picket.Spec.Bench;

/// <summary>What a bench of rules reads of recorded events: a line of JSON for each, whatever form they are recorded in.</summary>
public sealed class RecordedLinesSpec : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a.json", "{\"A\":\r\n 1}\r\n{\"A\":\n2}", new[] { "1", "2" })]
    [InlineData("a.json", "[{\"A\":1,\n\"B\":{\n}},\n{\"A\":\"x\\n\"}]", new[] { "1", "x\n" })]
    [InlineData("a.json", "{\"A\":1}\nnonsense\n{\"A\":2}\n{\"A\":", new[] { "1", "2" }, 2)]
    public void Each_record_is_a_line(string name, string text, string[] values, long malformed = 0)
    {
        Write(name, text);

        Assert.Equal(values, Read(out var found).Select(record => record.RootElement.GetProperty("A").ToString()));
        Assert.Equal(malformed, found);
    }

    [Fact]
    public void More_records_than_a_batch_has_are_all_read()
    {
        Write("a.json", string.Concat(Enumerable.Range(0, 2_000).Select(i => $"{{\"A\":{i}}}\n")));

        Assert.Equal(Enumerable.Range(0, 2_000), Read(out _).Select(record => record.RootElement.GetProperty("A").GetInt32()));
    }

    [Fact]
    public void Events_of_Windows_are_told_as_JSON()
    {
        File.Copy(Path.Combine(Corpora.Require("evtx-parser"), "velocidex-evtx", "testdata", "Security_1_record.evtx"), PathOf("a.evtx"));

        var record = Assert.Single(Read(out var malformed));
        Assert.Equal("Security", record.RootElement.GetProperty("Event").GetProperty("System").GetProperty("Channel").GetString());
        Assert.Equal(0, malformed);
    }

    [Theory]
    [InlineData("type=SYSCALL msg=audit(1481076992.414:385): arch=c000003e syscall=59 success=yes exe=\"/bin/ls\"\ntype=EOE msg=audit(1481076992.414:385):\n")]
    [InlineData("Mar  4 05:06:07 web-1 sshd[700]: Accepted password for alice\nMar  4 05:06:08 web-1 sshd[700]: bye\n")]
    public void A_log_has_no_form_in_JSON_which_is_said(string log)
    {
        Write("a.log", log);
        Write("b.json", "{\"A\":1}");

        Assert.Single(Read(out var malformed));
        Assert.Equal(1, malformed);
    }

    [Theory]
    [InlineData(10, null)]
    [InlineData(11, 1)]
    [InlineData(25, 15)]
    public async Task The_first_mistakes_are_said_one_by_one_and_the_others_counted(int mistakes, int? others)
    {
        Write("a.json", string.Concat(Enumerable.Repeat("nonsense\n", mistakes)) + "{\"A\":1}\n");
        Write("r.yml", "title: t\nlogsource: {product: x}\ndetection: {s: {A: 1}, condition: s}\n");

        var result = await Cli.Cli.RunAsync("bench", "sigma", "--rounds", "1", "--rules", PathOf("r.yml"), "--input", PathOf("a.json"));

        var lines = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Math.Min(mistakes, 10) + (others is null ? 0 : 1), lines.Length);
        if (others is not null) Assert.Equal($"picket: {others} more like these", lines[^1]);
    }

    [Theory]
    [InlineData("", "there are no events in it")]
    [InlineData("nonsense", "there are no events in it")]
    public void Without_an_event_there_is_nothing_to_measure(string text, string says)
    {
        Write("a.json", text);

        Assert.Contains(says, Assert.Throws<UsageException>(() => Read(out _)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_there_is_a_mistake_of_the_caller() =>
        Assert.Throws<UsageException>(() => RecordedLines.Read(PathOf("none.json"), out _));

    private string PathOf(string name) => Path.Combine(_folder.Path, name);

    private void Write(string name, string text) => File.WriteAllText(PathOf(name), text);

    private List<JsonDocument> Read(out long malformed)
    {
        var bytes = RecordedLines.Read(_folder.Path, out malformed);
        Assert.Equal((byte)'\n', bytes[^1]);
        return [.. Encoding.UTF8.GetString(bytes, 0, bytes.Length - 1).Split('\n').Select(line => JsonDocument.Parse(line))];
    }
}
