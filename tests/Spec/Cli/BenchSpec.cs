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
