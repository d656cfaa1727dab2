namespace Picket.Spec.Kernel.Promises;

/// <summary>What one step of a program does to one actor.</summary>
internal enum Deed
{
    /// <summary>Tells a number.</summary>
    Tell,

    /// <summary>Tells a number whose handling awaits.</summary>
    Await,

    /// <summary>Tells a number that the actor stashes when it first sees it.</summary>
    Stash,

    /// <summary>Tells the actor to unstash all.</summary>
    Unstash,

    /// <summary>The handler throws; the supervisor restarts.</summary>
    Restart,

    /// <summary>The handler throws after an await; the supervisor restarts.</summary>
    RestartLater,

    /// <summary>The handler throws; the supervisor resumes.</summary>
    Resume,

    /// <summary>The next instance's constructor throws.</summary>
    FailMaking,

    /// <summary>The next PostRestart throws.</summary>
    FailPostRestart,

    /// <summary>Another behaviour takes over.</summary>
    Become,

    /// <summary>Another behaviour is stacked.</summary>
    Stack,

    /// <summary>The behaviour below comes back.</summary>
    Unstack,

    /// <summary>Starts a timer that is due at once.</summary>
    Timer,

    /// <summary>PoisonPill.</summary>
    Poison,

    /// <summary>Kill.</summary>
    Kill,

    /// <summary>Stop from outside.</summary>
    Stop,

    /// <summary>A watcher watches.</summary>
    Watch,

    /// <summary>A watcher watches no longer.</summary>
    Unwatch,

    /// <summary>A watcher fails and is restarted.</summary>
    WatcherFails,

    /// <summary>A new actor takes the place.</summary>
    Replace,
}
