using System.Diagnostics;
using System.Globalization;
using Picket.Detection.Events;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Spec.Ebpf;

/// <summary>What is done to the process that watches over the sensor, in the kernel; shells stand for both and for a stranger.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class GuardRecordSpec
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_others_do_to_the_guard_is_told_and_what_the_sensor_or_the_guard_itself_does_is_not(bool typed)
    {
        using var ring = LiveRing.With(typed, Concern.File, Concern.Privilege);
        using var sensor = Shell();
        using var guard = Shell();
        using var other = Shell();
        try
        {
            var key = ring.WaitFor("the one that stands for the sensor", e => e.Kind == EventKind.ProcessCreation && e.Key.Pid == sensor.Id)[0].Key;
            ring.Maps.State.SetSelf(key.Pid, key.StartNs);
            ring.Maps.State.SetGuard(guard.Id);

            // Nobody asks for either kind.
            ring.Maps.State.SetWanted(kind => kind < RecordKind.FileCreate);
            var touch = string.Create(CultureInfo.InvariantCulture, $"kill -URG {guard.Id}; exec 5<>/proc/{guard.Id}/mem; exec 5>&-");
            foreach (var shell in (Process[])[sensor, guard, other]) Tell(shell, touch);
            ring.Maps.State.SetGuard(0);
            Tell(other, touch);
            Tell(other, "/bin/true behind");
            ring.WaitFor("what came behind", e => e.Kind == EventKind.ProcessCreation && e[Fields.CommandLine] == "/bin/true behind");
            var seen = ring.Read(e => e.Kind is EventKind.Kill or EventKind.FileOpen && (e.Key.Pid == sensor.Id || e.Key.Pid == guard.Id || e.Key.Pid == other.Id));
            Assert.Equal([EventKind.Kill, EventKind.FileOpen], seen.Select(e => e.Kind));
            Assert.All(seen, e => Assert.Equal((other.Id, guard.Id.ToString(CultureInfo.InvariantCulture), "true"),
                (e.Key.Pid, e[CallFields.TargetProcessId], e[CallFields.TargetIsGuard])));
        }
        finally
        {
            foreach (var shell in (Process[])[sensor, guard, other]) shell.StandardInput.Close();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_guard_that_the_sensor_starts_is_known_from_its_first_moment_and_no_other_child_is(bool typed)
    {
        using var ring = LiveRing.With(typed, Concern.Privilege);
        using var sensor = Shell();
        using var other = Shell();
        var children = new List<int>();
        try
        {
            var key = ring.WaitFor("the one that stands for the sensor", e => e.Kind == EventKind.ProcessCreation && e.Key.Pid == sensor.Id)[0].Key;
            ring.Maps.State.SetSelf(key.Pid, key.StartNs);
            ring.Maps.State.SetWanted(kind => kind < RecordKind.FileCreate);
            children.Add(Start(sensor));

            // Its own next child is not a stranger's.
            ring.Maps.State.ExpectGuardOf(sensor.Id);
            children.Add(Start(other));
            children.Add(Start(sensor));
            children.Add(Start(sensor));
            Tell(other, string.Join(';', children.Select(child => string.Create(CultureInfo.InvariantCulture, $"kill -URG {child}"))));
            Tell(other, "/bin/true behind");
            ring.WaitFor("what came behind", e => e.Kind == EventKind.ProcessCreation && e[Fields.CommandLine] == "/bin/true behind");
            var touched = Assert.Single(ring.Read(e => e.Kind == EventKind.Kill && e.Key.Pid == other.Id));
            Assert.Equal((children[2].ToString(CultureInfo.InvariantCulture), "true"), (touched[CallFields.TargetProcessId], touched[CallFields.TargetIsGuard]));

            // What the sensor found meanwhile in the state map is no damage; that it is no guard is known as soon as it is said.
            Assert.Null(ring.Maps.State.Mend());
            ring.Maps.State.SetGuard(children[2]);
            Assert.Null(ring.Maps.State.Mend());
            ring.Maps.State.SetGuard(0);
            Assert.Null(ring.Maps.State.Mend());
        }
        finally
        {
            foreach (var shell in (Process[])[sensor, other])
            {
                shell.StandardInput.WriteLine("kill -KILL $(jobs -p)");
                shell.StandardInput.Close();
                shell.WaitForExit();
            }
        }
    }

    /// <summary>Lets a shell start a process; returns its number.</summary>
    private static int Start(Process shell)
    {
        shell.StandardInput.WriteLine("/bin/sleep 60 >/dev/null & echo $!");
        shell.StandardInput.Flush();
        return int.Parse(shell.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
    }

    private static Process Shell() => Process.Start(new ProcessStartInfo("/bin/bash") { RedirectStandardInput = true, RedirectStandardOutput = true })!;

    /// <summary>Lets a shell do something itself, and waits until it is done.</summary>
    private static void Tell(Process shell, string line)
    {
        shell.StandardInput.WriteLine($"{line}; echo done");
        shell.StandardInput.Flush();
        Assert.Equal("done", shell.StandardOutput.ReadLine());
    }
}
