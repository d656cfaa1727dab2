using Picket.Detection.Alerts;
using Picket.Detection.Events;

namespace Picket.Spec.Live;

/// <summary>Decides what an <see cref="InterposedActor"/> swallows: the next slice with records of an exec, or the next alert, once armed.</summary>
internal sealed class Swallow(bool alerts)
{
    private int _armed;

    public void Arm() => Volatile.Write(ref _armed, 1);

    public bool Takes(object message)
    {
        var wanted = alerts ? message is AlertRaised { Alert.IsNotice: false } : message is EventSlice slice && HasExec(slice);
        return wanted && Interlocked.Exchange(ref _armed, 0) == 1;
    }

    private static bool HasExec(EventSlice slice)
    {
        foreach (ref readonly var record in slice.Batch.Records)
        {
            if (record.Kind == EventKind.ProcessCreation) return true;
        }

        return false;
    }
}
