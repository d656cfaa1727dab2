using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Picket.Node.Hosting;

namespace Picket.Node.Bench.Sensors;

/// <summary>The reader in C over the same kernel programs.</summary>
/// <param name="programs">Where it lies.</param>
/// <param name="kinds">What it is to watch.</param>
/// <param name="lines">Whether it writes a line of JSON for each record, or only counts.</param>
/// <param name="drain">Whether records gather, or each one wakes it.</param>
/// <param name="ringBytes">Size of the ring.</param>
internal sealed class FloorContender(BenchPrograms programs, IReadOnlyList<StormKind> kinds, bool lines, bool drain, int ringBytes)
    : Contender($"c-{(lines ? "json" : "count")}-{(drain ? "drain" : "wake")}")
{
    private Process? _process;

    /// <inheritdoc/>
    public override IReadOnlyList<int> Processes => [_process!.Id];

    /// <inheritdoc/>
    public override async Task StartAsync(string folder)
    {
        List<string> arguments = ["--objects", EbpfObjects.Folder, "--ring", ringBytes.ToString(CultureInfo.InvariantCulture)];
        if (lines) arguments.AddRange(["--lines", Path.Combine(folder, "lines.ndjson")]);
        if (drain) arguments.Add("--drain");
        var start = new ProcessStartInfo(programs.Floor, [.. arguments, .. kinds.Select(kind => kind.Object)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        _process = Process.Start(start)!;
        var line = await _process.StandardOutput.ReadLineAsync();
        if (line != "ready") throw new IOException($"{programs.Floor} did not begin to read");
    }

    /// <inheritdoc/>
    public override async Task<Tally> TallyAsync(StormKind kind)
    {
        // Each line that it is given is answered by what it has counted.
        await _process!.StandardInput.WriteLineAsync();
        await _process.StandardInput.FlushAsync();
        using var document = JsonDocument.Parse(await _process.StandardOutput.ReadLineAsync()
            ?? throw new IOException($"{programs.Floor} ended early"));
        var sum = default(Tally);
        foreach (var row in document.RootElement.GetProperty("kinds").EnumerateArray())
        {
            if (row.GetProperty("kind").GetInt32() is var number && (number < kind.FirstKind || number > kind.LastKind)) continue;
            sum += new Tally(Number(row, "read"), Number(row, "lost"), Number(row, "refused"), Number(row, "busy"));
        }

        return sum;
    }

    /// <inheritdoc/>
    public override async Task StopAsync()
    {
        if (_process is null) return;
        using var process = _process;
        _process = null;

        // It ends with its input.
        process.StandardInput.Close();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
    }

    private static long Number(JsonElement row, string name) => row.GetProperty(name).GetInt64();
}
