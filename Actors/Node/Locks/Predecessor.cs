using System.Globalization;

namespace Picket.Node.Locks;

/// <summary>
/// Waits for the end of a node that was killed just before: its locks go behind its memory, which takes the kernel a while. A node that
/// lives is not waited for.
/// </summary>
/// <param name="look">Looks at the locks that the node is about to take.</param>
/// <param name="say">Told, once for each process, that it is waited for.</param>
/// <param name="time">The clock.</param>
internal sealed class Predecessor(Func<LockSight> look, Action<string> say, TimeProvider time)
{
    /// <summary>How long one that ends is waited for: on a busy host its threads get little time to do so.</summary>
    public static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(30);

    /// <summary>How long somebody is waited for whom the kernel does not name.</summary>
    public static readonly TimeSpan UnknownWithin = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(2), LongestPause = TimeSpan.FromMilliseconds(250);

    /// <summary>Returns when nobody holds the locks, or nobody whom waiting would help against.</summary>
    /// <param name="stopped">Ends the wait.</param>
    /// <returns>Whether the start may go on; false when <paramref name="stopped"/> came first.</returns>
    public async Task<bool> AwaitEndAsync(Task stopped)
    {
        var pause = FirstPause;
        var said = 0;
        long? ending = null, unknown = null;
        while (true)
        {
            var (holding, path, pid) = look();
            switch (holding)
            {
                case LockHolding.Ending:
                    unknown = null;
                    ending ??= time.GetTimestamp();
                    if (said != pid) say($"waits for process {Text(pid)} to end, which was killed or ends and still holds {path}");
                    said = pid;
                    if (time.GetElapsedTime(ending.Value) < EndsWithin) break;
                    say($"process {Text(pid)} has not ended in {EndsWithin.TotalSeconds:0} s");
                    return true;
                case LockHolding.Unknown:
                    unknown ??= time.GetTimestamp();
                    if (time.GetElapsedTime(unknown.Value) < UnknownWithin) break;
                    return true;
                default:
                    return true;
            }

            if (await Task.WhenAny(stopped, Task.Delay(pause, time)) == stopped) return false;
            pause = TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, pause.Ticks * 3 / 2));
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
