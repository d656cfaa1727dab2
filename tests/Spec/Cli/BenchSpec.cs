using System.Text.Json;

namespace Picket.Spec.Cli;

/// <summary><c>picket bench actors</c>: what it prints, not how fast it is.</summary>
public sealed class BenchSpec
{
    /// <summary>The list at the end of the surface's description, and what the goals add to it; with the unit of each.</summary>
    private static readonly (string Scenario, string Unit, bool HigherIsBetter)[] Scenarios =
    [
        ("tell", "messages/s", true), ("ping-pong-1", "messages/s", true), ("ping-pong-8", "messages/s", true), ("spawn-100k", "s", false),
        ("stop-100k", "s", false), ("idle-untyped", "bytes/actor", false), ("idle-receive-3", "bytes/actor", false),
        ("throw-10th-restart", "messages/s", true), ("throw-10th-resume", "messages/s", true), ("ask", "asks/s", true),
    ];

    private const string Rule = "title: t\nlogsource: {product: linux}\ndetection: {s: {Image: /bin/a}, condition: s}\n";

    [Theory]
    [InlineData("lines.json", "{\"Image\":\"/bin/a\"}\n{\"Image\":\"/bin/b\"}\n", 2)]
    [InlineData("array.json", "[{\"Image\":\n \"/bin/a\"},\n {\"Image\":\"/bin/b\"}]", 2)]
    [InlineData("folder/one.json", "{\"Image\":\"/bin/a\"}", 1)]
    [InlineData("broken.json", "{\"Image\":\"/bin/a\"}\nnonsense\n{\"Image\":\n", 1, 2)]
    public async Task Sigma_rules_are_measured_on_recorded_events_of_any_form(string name, string text, int events, int malformed = 0)
    {
        using var folder = new RuleFolder();
        folder.Write("r.yml", Rule);
        var input = folder.Write($"input/{name}", text);
        var asked = name.Contains('/', StringComparison.Ordinal) ? Path.GetDirectoryName(input)! : input;
        var result = await Cli.RunAsync("bench", "sigma", "--json", "--rounds", "1", "--rules", folder.Path, "--input", asked);
        Assert.True(result.Code == 0, result.Error);
        Assert.Equal(malformed, result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        using var document = JsonDocument.Parse(result.Out);
        var row = Assert.Single(document.RootElement.GetProperty("workloads").EnumerateArray());
        Assert.Equal((events, malformed, 0), (Number(row, "events"), Number(row, "malformed"), Number(row, "full_scan_differences")));
        Assert.All(row.GetProperty("events_per_second").EnumerateObject(), speed => Assert.True(Number(speed.Value, "median") > 0, speed.ToString()));
    }

    [Fact]
    public async Task An_input_without_events_is_a_mistake()
    {
        using var folder = new RuleFolder();
        folder.Write("r.yml", Rule);
        var result = await Cli.RunAsync("bench", "sigma", "--rules", folder.Path, "--input", folder.Path);
        Assert.Equal(2, result.Code);
        Assert.Contains("there are no events in it", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_scenario_is_a_row_of_JSON_with_its_median_and_its_ends()
    {
        var result = await Cli.RunAsync("bench", "actors", "--json", "--percent", "1", "--runs", "1");
        result.IsDone();
        using var document = JsonDocument.Parse(result.Out);
        Assert.Equal(Environment.ProcessorCount, document.RootElement.GetProperty("processors").GetInt32());
        var rows = document.RootElement.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(Scenarios, rows.Select(row => (
            row.GetProperty("scenario").GetString()!, row.GetProperty("unit").GetString()!, row.GetProperty("higher_is_better").GetBoolean())));
        Assert.All(rows, row =>
        {
            var (least, median, most) = (Number(row, "min"), Number(row, "median"), Number(row, "max"));
            Assert.True(least > 0 && least <= median && median <= most, row.ToString());
            Assert.Equal([median], row.GetProperty("runs").EnumerateArray().Select(run => run.GetDouble()));
        });
    }

    [Fact]
    public async Task The_median_is_of_as_many_runs_as_were_asked_for()
    {
        var result = await Cli.RunAsync("bench", "actors", "--json", "--percent", "1", "--runs", "3", "--only", "idle-u");
        result.IsDone();
        using var document = JsonDocument.Parse(result.Out);
        var row = Assert.Single(document.RootElement.GetProperty("rows").EnumerateArray());
        var runs = row.GetProperty("runs").EnumerateArray().Select(run => run.GetDouble()).Order().ToList();
        Assert.Equal(3, runs.Count);
        Assert.Equal((runs[0], runs[1], runs[2]), (Number(row, "min"), Number(row, "median"), Number(row, "max")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false, "--as-node")]
    public async Task It_measures_with_the_runtimes_own_settings_unless_told_otherwise(bool pgo, params string[] options)
    {
        var result = await Cli.RunAsync(["bench", "actors", "--json", "--percent", "1", "--runs", "1", "--only", "idle-u", .. options]);
        result.IsDone();
        using var document = JsonDocument.Parse(result.Out);
        Assert.Equal(pgo, document.RootElement.GetProperty("tiered_pgo").GetBoolean());
    }

    [Fact]
    public async Task People_get_a_line_for_each_row()
    {
        var result = await Cli.RunAsync("bench", "actors", "--percent", "1", "--runs", "1", "--only", "ping-pong");
        result.IsDone();
        var lines = result.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["ping-pong-1", "ping-pong-8"], lines.Select(line => line.Split(' ')[0]));
        Assert.All(lines, line => Assert.Matches(@"^\S+ +[\d,.]+ messages/s +\([\d,.]+ to [\d,.]+\)$", line));
    }

    [Theory]
    [InlineData("--runs 0: from 1 to 1000", "--runs", "0")]
    [InlineData("--percent 1001: from 1 to 1000", "--percent", "1001")]
    [InlineData("--percent", "--percent", "half")]
    [InlineData("--only sleep: no scenario begins so", "--only", "sleep")]
    [InlineData("--only sleep: no scenario begins so", "--json", "--only", "sleep")]
    [InlineData("'--bogus'", "--bogus")]
    public async Task Wrong_options_are_status_2_and_a_line_that_says_what(string says, params string[] options) =>
        (await Cli.RunAsync(["bench", "actors", .. options])).IsRefused(2, says);

    [Fact]
    public async Task What_to_measure_must_be_said() => (await Cli.RunAsync("bench")).IsRefused(2, "--help");

    private static double Number(JsonElement row, string name) => row.GetProperty(name).GetDouble();
}
