using System.Runtime.InteropServices;
using System.Text;

namespace Picket.Spec.Live;

/// <summary>Starts programs with full control of argv, environment and working directory, as bytes: what Process cannot.</summary>
internal static unsafe partial class Spawn
{
    // Both structures of glibc are smaller on every architecture.
    private const int ActionsBytes = 256;

    /// <summary>Executes <paramref name="file"/>, waits for its end, which must be a success, and returns its pid.</summary>
    /// <param name="file">The program's path.</param>
    /// <param name="argv">All of argv, argv[0] included; none at all is allowed.</param>
    /// <param name="environment">The whole environment, NAME=value each.</param>
    /// <param name="directory">The working directory.</param>
    public static int Run(string file, IReadOnlyList<byte[]> argv, IReadOnlyList<byte[]> environment, string directory)
    {
        var actions = stackalloc byte[ActionsBytes];
        Check(posix_spawn_file_actions_init(actions), "posix_spawn_file_actions_init");
        var arguments = Vector(argv);
        var variables = Vector(environment);
        try
        {
            Check(posix_spawn_file_actions_addchdir_np(actions, directory), "posix_spawn_file_actions_addchdir_np");
            Check(posix_spawn(out var pid, file, actions, null, arguments, variables), $"posix_spawn {file}");
            int ended, status;
            while ((ended = waitpid(pid, out status, 0)) < 0 && Marshal.GetLastPInvokeError() == Interrupted)
            {
            }

            Assert.Equal(pid, ended);
            Assert.True(status == 0, $"{file} ended with the wait status {status}");
            return pid;
        }
        finally
        {
            Free(arguments);
            Free(variables);
            _ = posix_spawn_file_actions_destroy(actions);
        }
    }

    public static int Run(string file, IEnumerable<string> argv, IEnumerable<string>? environment = null, string directory = "/") =>
        Run(file, [.. argv.Select(Encoding.UTF8.GetBytes)], [.. (environment ?? []).Select(Encoding.UTF8.GetBytes)], directory);

    private const int Interrupted = 4;

    private static void Check(int error, string what) => Assert.True(error == 0, $"{what}: {Marshal.GetPInvokeErrorMessage(error)}");

    private static byte** Vector(IReadOnlyList<byte[]> texts)
    {
        var vector = (byte**)NativeMemory.AllocZeroed((nuint)texts.Count + 1, (nuint)sizeof(byte*));
        for (var i = 0; i < texts.Count; i++)
        {
            vector[i] = (byte*)NativeMemory.AllocZeroed((nuint)texts[i].Length + 1);
            texts[i].CopyTo(new Span<byte>(vector[i], texts[i].Length));
        }

        return vector;
    }

    private static void Free(byte** vector)
    {
        for (var at = vector; *at is not null; at++) NativeMemory.Free(*at);
        NativeMemory.Free(vector);
    }

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_init(byte* actions);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn_file_actions_addchdir_np(byte* actions, string path);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_destroy(byte* actions);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn(out int pid, string path, byte* actions, void* attributes, byte** argv, byte** envp);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int waitpid(int pid, out int status, int options);
}
