using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Picket.Spec.Ebpf;

/// <summary>A private folder with a program that does nothing, under whatever name a test wants.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
internal sealed class Probe : IDisposable
{
    public Probe()
    {
        Folder = Directory.CreateTempSubdirectory("picket-probe-").FullName;
        File.SetUnixFileMode(Folder, (UnixFileMode)0b111_101_101);
        Path = Copy("probe");
    }

    public string Folder { get; }

    public string Path { get; }

    /// <summary>A copy of /bin/true below the folder.</summary>
    public string Copy(string name)
    {
        var path = System.IO.Path.Combine(Folder, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.Copy("/bin/true", path);
        File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        return path;
    }

    /// <summary>Runs a program to its end and returns its pid and exit code.</summary>
    public (int Pid, int Code) Run(string file, IEnumerable<string>? arguments = null, Action<ProcessStartInfo>? change = null)
    {
        var start = new ProcessStartInfo(file, arguments ?? []) { WorkingDirectory = Folder, RedirectStandardError = true };
        change?.Invoke(start);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.DoesNotContain("not found", error, StringComparison.Ordinal);
        return (process.Id, process.ExitCode);
    }

    /// <summary>Runs a line of bash in the folder.</summary>
    public (int Pid, int Code) Shell(string line, Action<ProcessStartInfo>? change = null) => Run("/bin/bash", ["-c", line], change);

    /// <summary>Writes a static program that ends with 0: it needs no loader, and so runs in an empty root.</summary>
    public static void WriteStatic(string path)
    {
        byte[] code = RuntimeInformation.ProcessArchitecture == Architecture.Arm64
            ? [0x00, 0x00, 0x80, 0xd2, 0xa8, 0x0b, 0x80, 0xd2, 0x01, 0x00, 0x00, 0xd4]
            : [0x31, 0xff, 0xb8, 0x3c, 0x00, 0x00, 0x00, 0x0f, 0x05];
        var machine = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? (ushort)183 : (ushort)62;
        using var file = new BinaryWriter(File.Create(path));
        const ulong Base = 0x400000;
        const int Headers = 64 + 56;
        file.Write("\u007fELF\u0002\u0001\u0001\0\0\0\0\0\0\0\0\0"u8);
        file.Write((ushort)2);
        file.Write(machine);
        file.Write(1u);
        file.Write(Base + Headers);
        file.Write(64UL);
        file.Write(0UL);
        file.Write(0u);
        file.Write([64, 0, 56, 0, 1, 0, 64, 0, 0, 0, 0, 0]);
        file.Write(1u);
        file.Write(5u);
        file.Write(0UL);
        file.Write(Base);
        file.Write(Base);
        file.Write((ulong)(Headers + code.Length));
        file.Write((ulong)(Headers + code.Length));
        file.Write(0x1000UL);
        file.Write(code);
        file.Dispose();
        File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
