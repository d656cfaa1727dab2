using System.Text;
using Picket.Detection.Context;
using Picket.Detection.Context.Containers;
using Picket.Detection.Events;

namespace Picket.Spec.Context;

public sealed class ContainerPathTests
{
    // {0}: 64 digits of the container; {1}: 64 digits of something else; {2}: a pod's uid; {3}: the same with underscores.
    private const string Uid = "1b2c3d4e-0001-4a5b-8c6d-0123456789ab";

    [Theory]
    [InlineData("/docker/{0}", "{0}", "docker", "")]
    [InlineData("/system.slice/docker-{0}.scope", "{0}", "docker", "")]
    [InlineData("/user.slice/user-1000.slice/user@1000.service/user.slice/docker-{0}.scope", "{0}", "docker", "")]
    [InlineData("/docker/{0}/system.slice/sshd.service", "{0}", "docker", "")]
    [InlineData("/docker/{1}/docker/{0}", "{0}", "docker", "")]
    [InlineData("/ecs/0123456789abcdef0123456789abcdef/{0}", "{0}", "docker", "")]
    [InlineData("/ecs/0123456789abcdef0123456789abcdef/0123456789abcdef0123456789abcdef-527074092", "0123456789abcdef0123456789abcdef-527074092", "containerd", "")]
    [InlineData("/default/{0}", "{0}", "containerd", "")]
    [InlineData("/system.slice/nerdctl-{0}.scope", "{0}", "containerd", "")]
    [InlineData("/k8s.io/{0}", "{0}", "containerd", "")]
    [InlineData("/kubepods/burstable/pod{2}/{0}", "{0}", "", "{2}")]
    [InlineData("/kubepods/besteffort/pod{2}/{0}", "{0}", "", "{2}")]
    [InlineData("/kubepods/pod{2}/{0}", "{0}", "", "{2}")]
    [InlineData("/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{3}.slice/cri-containerd-{0}.scope", "{0}", "containerd", "{2}")]
    [InlineData("/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod{3}.slice/docker-{0}.scope", "{0}", "docker", "{2}")]
    [InlineData("/kubepods.slice/kubepods-pod{3}.slice/crio-{0}.scope", "{0}", "cri-o", "{2}")]
    [InlineData("/kubepods.slice/kubepods-pod{3}.slice/crio-{0}.scope/container", "{0}", "cri-o", "{2}")]
    [InlineData("/kubepods/burstable/pod{2}/crio-{0}", "{0}", "cri-o", "{2}")]
    [InlineData("/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0123456789abcdef0123456789abcdef.slice/cri-containerd-{0}.scope", "{0}", "containerd", "0123456789abcdef0123456789abcdef")]
    [InlineData("/system.slice/containerd.service/kubepods-besteffort-pod{3}.slice:cri-containerd:{0}", "{0}", "containerd", "{2}")]
    [InlineData("/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod{3}.slice/cri-containerd-{0}.scope", "{0}", "containerd", "{2}")]
    [InlineData("/machine.slice/libpod-{0}.scope", "{0}", "podman", "")]
    [InlineData("/machine.slice/libpod-{0}.scope/container", "{0}", "podman", "")]
    [InlineData("/machine.slice/machine-libpod_pod_{1}.slice/libpod-{0}.scope", "{0}", "podman", "")]
    [InlineData("/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-{0}.scope/container", "{0}", "podman", "")]
    [InlineData("/libpod_parent/libpod-{0}", "{0}", "podman", "")]
    [InlineData("/lxc/web1", "web1", "lxc", "")]
    [InlineData("/lxc/101/ns/system.slice/cron.service", "101", "lxc", "")]
    [InlineData("/lxc.payload.web1/init.scope", "web1", "lxc", "")]
    [InlineData("/lxc.payload/web1/system.slice", "web1", "lxc", "")]
    [InlineData("/machine.slice/systemd-nspawn@web1.service/payload", "web1", "systemd-nspawn", "")]
    [InlineData("/machine.slice/systemd-nspawn@web\\x2d1.service/payload/init.scope", "web-1", "systemd-nspawn", "")]
    [InlineData("/machine.slice/machine-web\\x2d1.scope/payload", "web-1", "systemd-nspawn", "")]
    [InlineData("/machine.slice/machine-lxc\\x2d12\\x2dweb.scope", "lxc-12-web", "lxc", "")]
    public void A_container_is_found(string path, string id, string runtime, string pod)
    {
        var found = ContainerPath.Find(Fill(path));

        Assert.NotNull(found);
        Assert.Equal((Fill(id), runtime, Fill(pod)), (Encoding.UTF8.GetString(found.Id), Encoding.UTF8.GetString(found.Runtime), Encoding.UTF8.GetString(found.PodUid)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/init.scope")]
    [InlineData("/system.slice/sshd.service")]
    [InlineData("/system.slice/docker.service")]
    [InlineData("/system.slice/containerd.service")]
    [InlineData("/user.slice/user-1000.slice/session-3.scope")]
    [InlineData("/user.slice/user-1000.slice/user@1000.service/app.slice/app-gnome-org.gnome.Terminal-12345.scope")]
    [InlineData("/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{3}.slice")]
    [InlineData("/kubepods.slice/kubepods-pod{3}.slice/crio-conmon-{0}.scope")]
    [InlineData("/kubepods/burstable/pod{2}/crio-conmon-{0}")]
    [InlineData("/machine.slice/libpod-conmon-{0}.scope")]
    [InlineData("/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-conmon-{0}.scope")]
    [InlineData("/machine.slice/systemd-nspawn@web1.service/supervisor")]
    [InlineData("/lxc.monitor.web1")]
    [InlineData("/machine.slice/machine-qemu\\x2d1\\x2dvm.scope/libvirt/emulator")]
    [InlineData("/system.slice/run-rabcdef0123456789abcdef0123456789.scope")]
    public void A_process_of_the_host_is_in_none(string path) => Assert.Null(ContainerPath.Find(Fill(path)));

    [Fact]
    public void A_process_and_its_forks_have_the_container_it_was_executed_in()
    {
        var path = Encoding.UTF8.GetBytes(Fill("/kubepods.slice/kubepods-pod{3}.slice/crio-{0}.scope"));
        var table = new ProcessTable("boot", "/etc/passwd", TimeSpan.FromSeconds(5), TimeProvider.System);
        var batch = new EventBatch(4, 4096);
        batch.Begin(new EventSource("test", "boot", null, 0), null);
        batch.Add(EventKind.ProcessCreation).Key = new ProcessKey(1, 10);
        batch.AddText(Fields.Image, "/bin/sh"u8);
        batch.AddText(Fields.CgroupPath, path);
        batch.SetDetail(new ProcessDetail { CgroupId = 7 });
        batch.Add(EventKind.ProcessFork).Key = new ProcessKey(2, 11);
        batch.SetDetail(new ProcessDetail { ParentStartNs = 1, ParentPid = 10, CgroupId = 7 });

        var executed = table.Apply(batch.View(0), out _)!;
        var forked = table.Apply(batch.View(1), out _)!;

        Assert.Equal(new string('a', 64), Encoding.UTF8.GetString(executed.Find(Fields.ContainerId).Text));
        Assert.Equal("cri-o", Encoding.UTF8.GetString(executed.Find(Fields.ContainerRuntime).Text));
        Assert.Equal(Uid, Encoding.UTF8.GetString(forked.Find(Fields.PodUid).Text));
    }

    [Fact]
    public void After_a_restart_the_kernels_list_says_the_container_again()
    {
        var table = new ProcessTable("boot", "/etc/passwd", TimeSpan.FromSeconds(5), TimeProvider.System);
        var batch = new EventBatch(4, 4096);
        batch.Begin(new EventSource("test", "boot", null, 0), null);
        batch.Add(EventKind.ProcessSnapshot).Key = new ProcessKey(1, 10);
        batch.AddText(Fields.Image, "/bin/sh"u8);
        batch.AddText(Fields.CgroupPath, Encoding.UTF8.GetBytes(Fill("/docker/{0}")));
        batch.SetDetail(new ProcessDetail { CgroupId = 7 });
        table.Restore(new ProcessKey(1, 10), default, ProgramImage.Copy(batch.View(0)));
        Assert.False(table.Find(new ProcessKey(1, 10))!.Find(Fields.ContainerId).IsPresent);

        table.BeginSweep();
        table.Apply(batch.View(0), out _);
        Assert.Equal("docker", Encoding.UTF8.GetString(table.Find(new ProcessKey(1, 10))!.Find(Fields.ContainerRuntime).Text));
    }

    private static string Fill(string text) => text.Replace("{0}", new string('a', 64), StringComparison.Ordinal).Replace("{1}", new string('b', 64), StringComparison.Ordinal)
        .Replace("{2}", Uid, StringComparison.Ordinal).Replace("{3}", Uid.Replace('-', '_'), StringComparison.Ordinal);
}
