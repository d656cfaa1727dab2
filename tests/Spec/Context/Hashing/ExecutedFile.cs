using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using Picket.Detection.Context;
using Picket.Detection.Context.Hashing;
using Picket.Detection.Events;

namespace Picket.Spec.Context.Hashing;

/// <summary>A file in a private folder, and the records of processes that execute it as the kernel would give them.</summary>
[SupportedOSPlatform("linux")]
internal sealed partial class ExecutedFile : IDisposable
{
    /// <summary>A number that no process has.</summary>
    public const int NoProcess = int.MaxValue;

    private readonly EventBatch _batch = new(4, 4096);
    private ulong _next = 1;

    public ExecutedFile(int size)
    {
        Content = RandomNumberGenerator.GetBytes(size);
        Path = System.IO.Path.Combine(Folder, "program");
        File.WriteAllBytes(Path, Content);
        Look(Path);
    }

    public string Folder { get; } = TestFolder.Make("hashing");

    public byte[] Content { get; }

    public string Path { get; }

    /// <summary>What the file was when it was executed.</summary>
    public FileKey Key { get; set; }

    public long ModifyNs { get; private set; }

    /// <summary>The text that rules see of <paramref name="content"/>.</summary>
    public static string TextOf(byte[] content)
    {
        return $"MD5={Hex(HashAlgorithmName.MD5)},SHA1={Hex(HashAlgorithmName.SHA1)},SHA256={Hex(HashAlgorithmName.SHA256)}";

        string Hex(HashAlgorithmName name) => Convert.ToHexString(CryptographicOperations.HashData(name, content));
    }

    public static string TextOf(FileHashes? hashes) => hashes is null ? "" : Encoding.ASCII.GetString(hashes.Text);

    public static FileKey KeyOf(string path)
    {
        using var place = HashLibc.OpenPlace(path);
        Assert.NotNull(place);
        Assert.True(HashLibc.TryLook(place, out var key, out _));
        return key;
    }

    /// <summary>The file is executed as it is now.</summary>
    public void Look(string path)
    {
        using var place = HashLibc.OpenPlace(path);
        Assert.NotNull(place);
        Assert.True(HashLibc.TryLook(place, out var key, out var modifyNs));
        (Key, ModifyNs) = (key, modifyNs);
    }

    public HashRequest Request(int pid = NoProcess, bool fresh = false, string? path = null) => new(Key, ModifyNs, new HashSlot(), Program(path ?? Path), pid, 0, [], fresh);

    /// <summary>Executes the file: the place of its hashes.</summary>
    public HashSlot? Execute(HashEngine engine, long afterChangeNs = 1_000_000_000, EventFlags flags = EventFlags.None)
    {
        var view = Begin(Path, afterChangeNs, flags);
        var slot = Ask(engine, view);
        _batch.LetGo();
        return slot;
    }

    /// <summary>Executes the file, and waits for its hashes if the engine says so.</summary>
    public bool ExecuteAndAwait(HashEngine engine)
    {
        var view = Begin(Path, 1_000_000_000, EventFlags.None);
        var slot = Ask(engine, view)!;
        var awaits = engine.TryAwait(slot);
        if (awaits) engine.Await(slot, view);
        _batch.LetGo();
        return awaits;
    }

    public static void MakePipe(string path) => Assert.Equal(0, mkfifo(path, 0x1B6));

    public void Dispose() => Directory.Delete(Folder, true);

    private static HashSlot? Ask(HashEngine engine, in EventView view)
    {
        Assert.True(view.TryGetDetail(out var detail));
        return engine.Ask(ProgramImage.Copy(view), view, detail, null);
    }

    private ProgramImage Program(string path)
    {
        var program = ProgramImage.Copy(Begin(path, 1_000_000_000, EventFlags.None));
        _batch.LetGo();
        return program;
    }

    private EventView Begin(string path, long afterChangeNs, EventFlags flags)
    {
        _batch.Begin(new EventSource("test", "boot", null, 0), null);
        ref var record = ref _batch.Add(EventKind.ProcessCreation);
        record.Key = new ProcessKey(_next++, NoProcess);
        record.TimeNs = (ulong)(Key.ChangeNs + afterChangeNs);
        record.Flags = flags;
        _batch.AddText(Fields.Image, Encoding.UTF8.GetBytes(path));
        _batch.AddText(Fields.CommandLine, "program -x"u8);
        _batch.SetDetail(new ProcessDetail { ImageDevice = Key.Device, ImageInode = Key.Inode, ImageChangeNs = Key.ChangeNs, ImageSize = (ulong)Key.Size });
        return _batch.View(0);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkfifo(string path, uint mode);
}
