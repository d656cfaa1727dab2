namespace Picket.Actors;

/// <summary>The clock of a system.</summary>
public interface IScheduler : ITellScheduler
{
    /// <summary>The wall clock.</summary>
    DateTimeOffset Now { get; }

    /// <summary>Time since an arbitrary start that never goes back.</summary>
    TimeSpan MonotonicClock { get; }

    /// <summary>As <see cref="MonotonicClock"/>.</summary>
    TimeSpan HighResMonotonicClock { get; }

    /// <summary>Actions too.</summary>
    IAdvancedScheduler Advanced { get; }
}
