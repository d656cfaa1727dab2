namespace Picket.Sensors.Logs.Access;

/// <summary>Where the thread that reads logs is.</summary>
/// <param name="Number">Another one with each step that it makes.</param>
/// <param name="Work">What it is at.</param>
/// <param name="Path">With which path; empty for none.</param>
/// <param name="SinceNs">Since which boot time, in nanoseconds.</param>
/// <param name="Allowance">How long this may take by itself, as a wait may.</param>
internal readonly record struct LogTurn(long Number, LogWork Work, string Path, ulong SinceNs, TimeSpan Allowance)
{
    /// <summary>Whether it is at something of one path, so that another thread can leave that alone.</summary>
    public bool IsAtPath => Work >= LogWork.Open;

    /// <summary>For people: what has not come back.</summary>
    public string Words => Work switch
    {
        LogWork.Wait => "waiting for a change",
        LogWork.Keep => $"writing the positions to {Path}",
        LogWork.Open => $"opening {Path}",
        LogWork.Stat => $"asking what {Path} is",
        LogWork.Read => $"reading {Path}",
        LogWork.Close => $"closing {Path}",
        LogWork.List => $"listing {Path}",
        LogWork.Watch => $"having the kernel watch {Path}",
        _ => "a step of its own",
    };
}
