using Picket.Sensors.Ebpf.Records;

namespace Picket.Sensors.Ebpf.Calls;

/// <summary>
/// The system calls on files. One program serves many of them: the form of a call says what its arguments mean, so that a new call
/// is a line here.
/// </summary>
internal static class FileCalls
{
    private static readonly (string[] Names, CallForm Form)[] Opens =
    [
        (["open"], new CallForm { Text = 1, First = 2 }),
        (["creat"], new CallForm { Text = 1, Special = FormSpecial.Creat }),
        (["openat"], new CallForm { Dirfd = 1, Text = 2, First = 3 }),
        (["openat2"], new CallForm { Dirfd = 1, Text = 2, Special = FormSpecial.How }),
        (["open_by_handle_at"], new CallForm { Dirfd = 1, First = 3 }),
    ];

    private static readonly (string[] Names, CallForm Form)[] Descriptors =
    [
        (["fchmod"], Of(RecordKind.FileMode, new CallForm { Dirfd = 1, First = 2 })),
        (["fchown", "fchown32"], Of(RecordKind.FileOwner, new CallForm { Dirfd = 1, First = 2, Second = 3 })),
        (["ftruncate", "ftruncate64"], Of(RecordKind.FileTruncate, new CallForm { Dirfd = 1, First = 2 })),
    ];

    private static readonly (string[] Names, CallForm Form)[] Paths =
    [
        (["unlink"], Of(RecordKind.FileDelete, new CallForm { Text = 1 })),
        (["unlinkat"], Of(RecordKind.FileDelete, new CallForm { Dirfd = 1, Text = 2, First = 3, Special = FormSpecial.Unlinkat })),
        (["rmdir"], Of(RecordKind.DirectoryDelete, new CallForm { Text = 1 })),
        (["mkdir"], Of(RecordKind.DirectoryCreate, new CallForm { Text = 1, First = 2 })),
        (["mkdirat"], Of(RecordKind.DirectoryCreate, new CallForm { Dirfd = 1, Text = 2, First = 3 })),
        (["mknod"], Of(RecordKind.FileNode, new CallForm { Text = 1, First = 2, Second = 3, Special = FormSpecial.Mknod })),
        (["mknodat"], Of(RecordKind.FileNode, new CallForm { Dirfd = 1, Text = 2, First = 3, Second = 4, Special = FormSpecial.Mknod })),
        (["chmod"], Of(RecordKind.FileMode, new CallForm { Text = 1, First = 2, Special = FormSpecial.Follow })),
        (["fchmodat"], Of(RecordKind.FileMode, new CallForm { Dirfd = 1, Text = 2, First = 3, Special = FormSpecial.Follow })),
        (["fchmodat2"], Of(RecordKind.FileMode, new CallForm { Dirfd = 1, Text = 2, First = 3, Special = FormSpecial.FollowAt })),
        (["chown", "chown32"], Of(RecordKind.FileOwner, new CallForm { Text = 1, First = 2, Second = 3, Special = FormSpecial.Follow })),
        (["lchown", "lchown32"], Of(RecordKind.FileOwner, new CallForm { Text = 1, First = 2, Second = 3 })),
        (["fchownat"], Of(RecordKind.FileOwner,
            new CallForm { Dirfd = 1, Text = 2, First = 3, Second = 4, Special = FormSpecial.FollowAt })),
        (["truncate", "truncate64"], Of(RecordKind.FileTruncate, new CallForm { Text = 1, First = 2, Special = FormSpecial.Truncate })),
        (["rename"], Of(RecordKind.FileRename, new CallForm { Source = 1, Text = 2 })),
        (["renameat"], Of(RecordKind.FileRename, new CallForm { SourceDirfd = 1, Source = 2, Dirfd = 3, Text = 4 })),
        (["renameat2"], Of(RecordKind.FileRename, new CallForm { SourceDirfd = 1, Source = 2, Dirfd = 3, Text = 4, First = 5 })),
        (["link"], Of(RecordKind.FileLink, new CallForm { Source = 1, Text = 2 })),
        (["linkat"], Of(RecordKind.FileLink,
            new CallForm { SourceDirfd = 1, Source = 2, Dirfd = 3, Text = 4, First = 5, Special = FormSpecial.Linkat })),
        (["symlink"], Of(RecordKind.FileSymlink, new CallForm { SourceDirfd = CallForm.Literal, Source = 1, Text = 2 })),
        (["symlinkat"], Of(RecordKind.FileSymlink, new CallForm { SourceDirfd = CallForm.Literal, Source = 1, Dirfd = 2, Text = 3 })),
    ];

    private static readonly (string[] Names, CallForm Form)[] Closes =
    [
        (["close"], default),
        (["dup2", "dup3"], new CallForm { Special = FormSpecial.Dup }),
    ];

    private static readonly (string[] Names, CallForm Form)[] CloseMany =
    [
        (["close_range"], new CallForm { Special = FormSpecial.Range }),
        (["execve", "execveat"], new CallForm { Special = FormSpecial.Exec }),
    ];

    private static readonly Dictionary<string, CallForm> Forms = new((from table in new[] { Opens, Descriptors, Paths, Closes, CloseMany }
        from row in table from name in row.Names select KeyValuePair.Create(name, row.Form)), StringComparer.Ordinal);

    /// <summary>What each program handles.</summary>
    public static readonly CallBinding[] Bindings =
    [
        new("call_open", RecordKind.None, CallEdge.Exit, NamesOf(Opens)),
        new("call_descriptor", RecordKind.None, CallEdge.Exit, NamesOf(Descriptors)),
        new("call_path", RecordKind.None, CallEdge.Exit, NamesOf(Paths)),
        new("call_mapped", RecordKind.None, CallEdge.Exit, "mmap", "mmap2"),
        new("call_begin", RecordKind.None, CallEdge.Enter, NamesOf(Paths)),
        new("call_close", RecordKind.None, CallEdge.Enter, NamesOf(Closes)),
        new("call_close_many", RecordKind.None, CallEdge.Enter, NamesOf(CloseMany)),
    ];

    /// <summary>The form of a call; the empty one for calls that need none.</summary>
    public static CallForm FormOf(string name) => Forms.GetValueOrDefault(name);

    private static CallForm Of(RecordKind kind, CallForm form)
    {
        form.Kind = (byte)kind;
        return form;
    }

    private static string[] NamesOf((string[] Names, CallForm Form)[] table) => [.. table.SelectMany(row => row.Names)];
}
