using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Picket.Actors;

namespace Picket.Sensors.Logs.Journal;

/// <summary>
/// Asks once, by a program and a thread of its own, for the journal's last entry; the answer is a <see cref="JournalAnswer"/>. Where the
/// journal is on a file system that does not answer, both hang: nobody waits for them.
/// </summary>
internal sealed class JournalQuestion(JournalReading reading, IActorRef owner, DateTimeOffset at)
{
    private Process? _process;

    /// <summary>When it was asked.</summary>
    public DateTimeOffset At { get; } = at;

    /// <summary>Whether it was said that there is no answer.</summary>
    public bool IsLate { get; set; }

    /// <summary>Asks.</summary>
    public void Start() => new Thread(Run) { Name = "picket-journal-ask", IsBackground = true }.Start();

    /// <summary>Ends the program, if it runs.</summary>
    public void End()
    {
        if (Volatile.Read(ref _process) is { } process) JournalThread.Kill(process);
    }

    private void Run()
    {
        JournalAnswer answer;
        try
        {
            answer = reading.Folders.Any(Directory.Exists) ? Ask() : new JournalAnswer(this, null, 0, null);
        }
        catch (Exception e) when (e is IOException or Win32Exception or InvalidOperationException or JsonException or FormatException)
        {
            answer = new JournalAnswer(this, null, 0, e.Message);
        }

        owner.Tell(answer, ActorRefs.NoSender);
    }

    private JournalAnswer Ask()
    {
        // The fields are what nobody needs of it; its cursor and its time come with any.
        string[] arguments = ["--output=json", "--lines=1", "--quiet", "--no-pager", "--output-fields=PRIORITY"];
        var info = new ProcessStartInfo(reading.Command, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        using var process = Process.Start(info)!;
        Volatile.Write(ref _process, process);
        var said = process.StandardError.ReadToEndAsync();
        var last = process.StandardOutput.ReadToEnd().AsSpan().Trim();
        process.WaitForExit();
        Volatile.Write(ref _process, null);
        var words = said.GetAwaiter().GetResult().Trim();

        // An empty journal has no last entry, and by the version that is a failure.
        if (last.IsEmpty && words.Length == 0 && process.ExitCode is 0 or 1) return new JournalAnswer(this, null, 0, null);
        if (process.ExitCode != 0) return new JournalAnswer(this, null, 0, $"it ended with {process.ExitCode} and said: {words}");
        using var entry = JsonDocument.Parse(last[(last.LastIndexOf('\n') + 1)..].ToString());
        var cursor = TextOf(entry.RootElement, "__CURSOR");
        var time = long.Parse(TextOf(entry.RootElement, "__REALTIME_TIMESTAMP"), CultureInfo.InvariantCulture);
        return new JournalAnswer(this, cursor, time, null);
    }

    private static string TextOf(JsonElement entry, string name) => entry.ValueKind == JsonValueKind.Object
        && entry.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
        ? value.GetString()! : throw new FormatException($"the last entry has no {name}");
}
