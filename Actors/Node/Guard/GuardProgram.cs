using Picket.Node.CommandLine;

namespace Picket.Node.Guard;

/// <summary>
/// <c>picket guard</c>, which a node starts and nobody else: a process that reads the node's heartbeats from its standard input and says
/// what a node that is stopped, frozen, hung or killed cannot say. It ends with the node.
/// </summary>
internal static class GuardProgram
{
    /// <summary>The verb.</summary>
    public const string Verb = "guard";

    private const int Input = 0;

    /// <summary>Watches until the node is gone or says goodbye; the exit status.</summary>
    public static int Run()
    {
        if (!OperatingSystem.IsLinux() || GuardSetup.Read(Environment.GetEnvironmentVariable(GuardSetup.Variable)) is not { } setup)
        {
            Console.Error.WriteLine("picket: a guard is started by the node that it guards, see picket.node.guard");
            return ExitCodes.Usage;
        }

        GuardCalls.StandApart();
        new ControlGroups().Leave();
        using var node = new NodeProcess(setup.Pid);
        var voice = new GuardVoice(setup, TimeProvider.System);
        Watch(setup, node, voice, new GuardWatch(TimeProvider.System));
        return ExitCodes.Done;
    }

    private static void Watch(GuardSetup setup, NodeProcess node, GuardVoice voice, GuardWatch watch)
    {
        var bytes = new byte[256];
        while (true)
        {
            var read = GuardCalls.Wait(Input, watch.NextLook) ? GuardCalls.Read(Input, bytes) : -1;
            var said = bytes.AsSpan(0, Math.Max(0, read));
            var state = node.State;
            switch (watch.Look(new GuardSight(said.Count(GuardSetup.Beat), said.Contains(GuardSetup.Goodbye), read == 0, state)))
            {
                case GuardVerdict.Halted:
                    voice.Say(GuardNotices.Halted(setup.Pid, watch.LastBeat, node.Tracer));
                    break;
                case GuardVerdict.Silent:
                    voice.Say(GuardNotices.Silent(setup.Pid, watch.LastBeat, state, new ControlGroups().FrozenGroupOf(setup.Pid)));
                    break;
                case GuardVerdict.Ended:
                    voice.Say(GuardNotices.Ended(setup.Pid, watch.LastBeat, node.Ending()));
                    return;
                case GuardVerdict.Farewell:
                    return;
            }
        }
    }
}
