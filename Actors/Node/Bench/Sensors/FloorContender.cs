using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Picket.Detection.Events;
using Picket.Node.Hosting;
using Picket.Sensors.Ebpf;
using Picket.Sensors.Ebpf.Calls;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Node.Bench.Sensors;

/// <summary>The reader in C over the same kernel programs.</summary>
/// <param name="programs">Where it lies.</param>
/// <param name="interest">What rules ask for: it watches that, as Picket does.</param>
/// <param name="lines">Whether it writes a line of JSON for each record, or only counts.</param>
/// <param name="drain">Whether records gather, or each one wakes it.</param>
/// <param name="ringBytes">Size of the ring.</param>
internal sealed class FloorContender(BenchPrograms programs, EventInterest interest, bool lines, bool drain, int ringBytes)
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
        arguments.AddRange(["--wanted", Wanted()]);
        foreach (var concern in EbpfOptions.Optional) arguments.AddRange(CallsOf(concern));
        foreach (var concern in Concerns()) arguments.Add(ProgramSet.NameOf(concern));
        var start = new ProcessStartInfo(programs.Floor, arguments)
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

    /// <summary>All that Picket watches.</summary>
    private static IEnumerable<Concern> Concerns()
    {
        yield return Concern.Process;
        foreach (var concern in EbpfOptions.Optional) yield return concern;
        if (EbpfOptions.Optional.Any(concern => CallBindings.LaneOf(concern) is not null)) yield return Concern.Syscall;
    }

    /// <summary>Which system calls go to which of its programs.</summary>
    private static IEnumerable<string> CallsOf(Concern concern)
    {
        if (CallBindings.LaneOf(concern) is not { } lane) yield break;
        foreach (var binding in CallBindings.Of(concern))
        {
            var edge = binding.Edge == CallEdge.Enter ? "enter" : "exit";
            yield return "--call";
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{binding.Program}:{edge}:{(int)lane}:{string.Join(',', CallDispatch.SlotsOf(binding))}");
        }
    }

    private string Wanted()
    {
        var words = new ulong[StateRecord.KindMax / 64];
        for (var number = 0; number < StateRecord.KindMax; number++)
        {
            if (EbpfSensor.IsAsked(interest, (RecordKind)number)) words[number / 64] |= 1UL << (number % 64);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{words[0]:x}:{words[1]:x}");
    }

    private static long Number(JsonElement row, string name) => row.GetProperty(name).GetInt64();
}
