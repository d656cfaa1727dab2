using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Picket.Actors;
using Picket.Detection.Events;
using Picket.Sensors.Logs.Following;

namespace Picket.Sensors.Logs.Journal;

/// <summary>The thread behind one run of journalctl. It ends with the program, which <see cref="Dispose"/> ends.</summary>
internal sealed class JournalThread : IDisposable
{
    /// <summary>An entry that is longer is skipped: journald itself takes fields of up to 768 MiB.</summary>
    private const int LongestEntry = 1024 * 1024;

    /// <summary>A program that hangs in the kernel does not end; its thread is left behind, and hands on nothing.</summary>
    private const int LongestEndMs = 2_000;

    /// <summary>A program that is to begin at the journal's end begins where that is when it has got there.</summary>
    private static readonly TimeSpan Beginning = TimeSpan.FromSeconds(2);

    private readonly LogSensor _sensor;
    private readonly JournalReading _reading;
    private readonly IActorRef _owner;
    private readonly IActorRef _context;
    private readonly JournalDecoder _decoder;
    private readonly Track _track;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _stop = new();
    private readonly bool _isFirst;
    private readonly long _completeUs;
    private Process? _process;
    private byte[] _buffer = new byte[64 * 1024];
    private int _end;
    private bool _skipping;
    private long _entries;
    private long _heardTicks;
    private volatile bool _listening;

    public JournalThread(LogSensor sensor, JournalReading reading, IActorRef owner, IActorRef context)
    {
        _sensor = sensor;
        _reading = reading;
        _owner = owner;
        _context = context;
        _decoder = new JournalDecoder(sensor.Counts, sensor.Options.MaxLineBytes);
        _track = sensor.JournalTrack();
        _thread = new Thread(Run) { Name = "picket-journal", IsBackground = true };
        var now = sensor.Time.GetUtcNow();
        _heardTicks = now.UtcTicks;
        if (!sensor.Options.FirstFromEnd || _track.HandedCursor is not null) return;
        _isFirst = sensor.JournalSince is null;
        sensor.JournalSince ??= now;
        _completeUs = (sensor.JournalSince.Value + Beginning - DateTimeOffset.UnixEpoch).Ticks / 10;
    }

    /// <summary>Whether the thread waits for the program, and not for room for what that has printed.</summary>
    public bool IsListening => _listening;

    /// <summary>When the program printed something last; before that, when it was to begin.</summary>
    public DateTimeOffset HeardAt => new(Interlocked.Read(ref _heardTicks), TimeSpan.Zero);

    /// <summary>
    /// Whether an entry has come, or was written before the first that is wanted: by its cursor, or as it is not newer than what came. The
    /// entries of several files do not come in the order of their times.
    /// </summary>
    public bool HasGiven(JournalAnswer entry) =>
        entry.Cursor == _track.HandedCursor || entry.TimeUs <= (_decoder.NewestUs is > 0 and var newest ? newest : _completeUs);

    /// <summary>Begins to read.</summary>
    public void Start() => _thread.Start();

    /// <summary>Ends the program, which may have been stopped, and no more than that.</summary>
    public void End()
    {
        if (Volatile.Read(ref _process) is { } process) Kill(process);
    }

    /// <summary>Ends the program and waits for the thread.</summary>
    public void Dispose()
    {
        _stop.Set();
        if (Volatile.Read(ref _process) is { } process) Kill(process);
        if (!_thread.ThreadState.HasFlag(System.Threading.ThreadState.Unstarted) && !_thread.Join(LongestEndMs)) return;
        _process?.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        var reason = "it ended";
        DateTimeOffset? ended = null;
        try
        {
            var info = new ProcessStartInfo(_reading.Command, Arguments())
            {
                RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
            };
            var process = Process.Start(info)!;
            Volatile.Write(ref _process, process);
            if (_stop.IsSet) Kill(process);
            _owner.Tell(new JournalBegan(_sensor.Time.GetUtcNow(), process.Id), ActorRefs.NoSender);
            var said = process.StandardError.ReadToEndAsync();
            Read(process.StandardOutput.BaseStream);
            ended = _sensor.Time.GetUtcNow();
            process.WaitForExit();
            reason = $"it ended with {process.ExitCode} and said: {said.GetAwaiter().GetResult().Trim()}";
        }
        catch (Exception e) when (e is IOException or Win32Exception or InvalidOperationException)
        {
            reason = e.Message;
        }

        _listening = false;
        _owner.Tell(new JournalEnded(ended ?? _sensor.Time.GetUtcNow(), reason, _entries), ActorRefs.NoSender);
    }

    /// <summary>Behind the last entry that was handed on; else from the first start on, or from the first one.</summary>
    private List<string> Arguments()
    {
        List<string> arguments = ["--output=json", "--follow", "--all", "--quiet", "--no-pager"];
        if (_track.HandedCursor is { } cursor) arguments.AddRange(["--no-tail", "--after-cursor=" + cursor]);
        else if (!_sensor.Options.FirstFromEnd) arguments.Add("--no-tail");
        else if (_sensor.JournalSince is { } since && !_isFirst) arguments.AddRange(["--no-tail", SinceOption(since)]);
        else arguments.Add("--lines=0");
        return arguments;
    }

    private static string SinceOption(DateTimeOffset since) =>
        string.Create(CultureInfo.InvariantCulture, $"--since=@{since.ToUnixTimeSeconds()}");

    private void Read(Stream output)
    {
        int count;
        while (!_stop.IsSet && (count = Listen(output)) > 0)
        {
            _end += count;
            var used = 0;
            while (!_stop.IsSet && _buffer.AsSpan(used, _end - used).Contains((byte)'\n'))
            {
                if (!_sensor.Pool.TryRent(out var batch))
                {
                    // Entries meanwhile wait in the pipe and in the journal.
                    _stop.Wait(1);
                    continue;
                }

                batch.Begin(_track.Source, _sensor.Commit);
                used += Fill(batch, _buffer.AsSpan(used, _end - used));
                Send(batch);
            }

            Keep(used);
        }
    }

    private int Listen(Stream output)
    {
        _listening = true;
        var count = output.Read(_buffer, _end, _buffer.Length - _end);
        _listening = false;
        Interlocked.Exchange(ref _heardTicks, _sensor.Time.GetUtcNow().UtcTicks);
        return count;
    }

    private int Fill(EventBatch batch, ReadOnlySpan<byte> bytes)
    {
        var used = 0;
        while (batch.Count < batch.Capacity && bytes[used..].IndexOf((byte)'\n') is >= 0 and var length)
        {
            var line = bytes.Slice(used, length);
            if (batch.Count > 0 && batch.FreeBytes < (2 * length) + 4096) break;
            used += length + 1;
            if (_skipping)
            {
                _sensor.Counts.SkippedBytes(length);
                _skipping = false;
                continue;
            }

            _sensor.Counts.Read(length + 1);
            _decoder.Decode(batch, line);
        }

        return used;
    }

    private void Send(EventBatch batch)
    {
        _entries += batch.Count;
        _sensor.Commit.Register(batch, _track, _track.Handed + batch.Count, _decoder.TakeCursor());
        if (batch.Count > 0) _context.Tell(EventSlice.LendAll(batch, _sensor.Edge), _owner);
        batch.LetGo();
    }

    /// <summary>Keeps the beginning of an entry that has no end yet.</summary>
    private void Keep(int used)
    {
        _buffer.AsSpan(used, _end - used).CopyTo(_buffer);
        _end -= used;
        if (_end < _buffer.Length) return;
        if (_buffer.Length < LongestEntry)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
            return;
        }

        if (!_skipping) _sensor.Counts.Cut();
        _sensor.Counts.SkippedBytes(_end);
        _skipping = true;
        _end = 0;
    }

    internal static void Kill(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }
}
