using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.Versioning;
using Picket.Detection.Context.Hashing;

namespace Picket.Spec.Context.Hashing;

/// <summary>Only the file that was executed is hashed, whatever leads to it by now.</summary>
[SupportedOSPlatform("linux")]
public sealed class FileHasherTests : IDisposable
{
    private const int Chunk = 128 * 1024;

    private readonly ExecutedFile _file = new((3 * Chunk) + 17);
    private readonly FileHasher _hasher = new(HashAlgorithms.All, 0);

    public void Dispose()
    {
        _hasher.Dispose();
        _file.Dispose();
    }

    [Fact]
    public void A_file_whose_process_has_ended_is_found_by_its_path()
    {
        Assert.Equal((HashOutcome.Known, ExecutedFile.TextOf(_file.Content)), Hash(_file.Request()));
        Assert.Equal((HashOutcome.Known, ExecutedFile.TextOf(_file.Content)), Hash(_file.Request()));
    }

    [Fact]
    public void A_file_that_took_its_name_is_not_it()
    {
        File.WriteAllBytes(_file.Path + ".new", _file.Content);
        File.Move(_file.Path + ".new", _file.Path, overwrite: true);
        Assert.Equal((HashOutcome.Gone, ""), Hash(_file.Request()));
    }

    [Fact]
    public void A_file_that_was_changed_since_is_not_it()
    {
        var request = _file.Request();
        UntilTheClockWentOn();
        var other = (byte[])_file.Content.Clone();
        other[5] ^= 1;
        using (var file = File.OpenWrite(_file.Path)) file.Write(other);
        Assert.Equal((HashOutcome.Changed, ""), Hash(request));
        _file.Look(_file.Path);
        Assert.Equal((HashOutcome.Known, ExecutedFile.TextOf(other)), Hash(_file.Request()));
    }

    [Theory]
    [InlineData(Chunk)]
    [InlineData(4 * Chunk)]
    public void A_file_that_is_cut_or_grows_while_it_is_read_has_no_hashes_and_the_next_one_has(long size)
    {
        _hasher.BetweenChunks = () =>
        {
            using var file = File.OpenWrite(_file.Path);
            file.SetLength(size);
        };
        Assert.Equal((HashOutcome.Changed, ""), Hash(_file.Request()));
        _hasher.BetweenChunks = null;
        File.WriteAllBytes(_file.Path, _file.Content);
        _file.Look(_file.Path);
        Assert.Equal((HashOutcome.Known, ExecutedFile.TextOf(_file.Content)), Hash(_file.Request()));
    }

    [Fact]
    public void A_file_that_is_written_to_while_it_is_read_has_no_hashes()
    {
        UntilTheClockWentOn();
        _hasher.BetweenChunks = () =>
        {
            using var file = File.OpenWrite(_file.Path);
            file.WriteByte(1);
        };
        Assert.Equal((HashOutcome.Changed, ""), Hash(_file.Request()));
    }

    [Fact]
    public void A_pipe_in_its_place_is_not_waited_for()
    {
        var request = _file.Request();
        File.Delete(_file.Path);
        ExecutedFile.MakePipe(_file.Path);
        Assert.Equal((HashOutcome.Gone, ""), Hash(request));
    }

    [Fact]
    public void No_link_is_followed()
    {
        var link = Path.Combine(_file.Folder, "link");
        File.CreateSymbolicLink(link, _file.Path);
        Assert.Equal((HashOutcome.Gone, ""), Hash(_file.Request(path: link)));
        var folder = Path.Combine(_file.Folder, "folder");
        Directory.CreateSymbolicLink(folder, _file.Folder);
        Assert.Equal((HashOutcome.Gone, ""), Hash(_file.Request(path: Path.Combine(folder, "program"))));
    }

    [Fact]
    public void A_reading_can_be_ended()
    {
        using var stop = new CancellationTokenSource();
        _hasher.BetweenChunks = stop.Cancel;
        Assert.Equal(HashOutcome.Stopped, _hasher.Hash(_file.Request(), stop.Token, out _));
        _hasher.BetweenChunks = null;
        Assert.Equal((HashOutcome.Known, ExecutedFile.TextOf(_file.Content)), Hash(_file.Request()));
    }

    [Fact]
    public void A_deleted_file_is_hashed_as_long_as_its_process_lives_and_so_is_sure()
    {
        var program = Path.Combine(_file.Folder, "sleep");
        File.Copy("/bin/sleep", program);
        _file.Look(program);
        using var process = Started(program);
        try
        {
            SpinWait.SpinUntil(() => new FileInfo($"/proc/{process.Id}/exe").LinkTarget == program, TimeSpan.FromSeconds(20));
            // Its last link goes: the inode is dated anew.
            UntilTheClockWentOn();
            File.Delete(program);
            var outcome = _hasher.Hash(_file.Request(process.Id, fresh: true, path: program), CancellationToken.None, out var hashes);
            Assert.Equal((HashOutcome.Known, ExecutedFile.TextOf(File.ReadAllBytes("/bin/sleep"))), (outcome, ExecutedFile.TextOf(hashes)));
            Assert.False(hashes!.IsUnsure);
        }
        finally
        {
            process.Kill();
            process.WaitForExit();
        }

        Assert.Equal((HashOutcome.Gone, ""), Hash(_file.Request(process.Id, path: program)));
    }

    [Fact]
    public void What_was_executed_as_soon_as_it_was_written_and_has_ended_is_unsure()
    {
        Assert.Equal(HashOutcome.Known, _hasher.Hash(_file.Request(fresh: true), CancellationToken.None, out var hashes));
        Assert.True(hashes!.IsUnsure);
        Assert.Equal(HashOutcome.Known, _hasher.Hash(_file.Request(), CancellationToken.None, out hashes));
        Assert.False(hashes!.IsUnsure);
    }

    private (HashOutcome, string) Hash(HashRequest request)
    {
        var outcome = _hasher.Hash(request, CancellationToken.None, out var hashes);
        return (outcome, ExecutedFile.TextOf(hashes));
    }

    /// <summary>The clock that dates files goes on in ticks; a change within one may not show.</summary>
    /// <summary>A process that another test forks while the copy is written holds it open until it executes its own program.</summary>
    private static Process Started(string program)
    {
        const int TextFileBusy = 26;
        Process? process = null;
        Assert.True(SpinWait.SpinUntil(() =>
        {
            try
            {
                process = Process.Start(program, "600");
                return true;
            }
            catch (Win32Exception busy) when (busy.NativeErrorCode == TextFileBusy)
            {
                return false;
            }
        }, TimeSpan.FromSeconds(20)), "the program stays busy");
        return process!;
    }

    private void UntilTheClockWentOn()
    {
        var probe = Path.Combine(_file.Folder, "clock");
        Assert.True(SpinWait.SpinUntil(() =>
        {
            File.WriteAllText(probe, "");
            return ExecutedFile.KeyOf(probe).ChangeNs > _file.Key.ChangeNs;
        }, TimeSpan.FromSeconds(20)), "the clock of the file system stands still");
    }
}
