using Picket.Detection.Events;

namespace Picket.Detection.Alerts.Ecs;

/// <summary>ECS <c>file.*</c> of an event about a file, and what ECS has no field for under <c>picket.file</c>.</summary>
internal static class FileFields
{
    internal static void Write(EcsWriter writer, in EventView view)
    {
        var path = view.First(Fields.TargetFilename).Text;
        writer.Begin("file");
        writer.Text("path", path);
        writer.Text("name", PathName.NameOf(path));
        writer.Text("directory", PathName.DirectoryOf(path));
        writer.Text("extension", PathName.ExtensionOf(path));
        writer.Text("type", view.First(Fields.FileType).Text);
        writer.Text("inode", view.First(Fields.FileInode).Text);
        writer.Text("device", view.First(Fields.FileDevice).Text);
        var mode = view.First(Fields.FileMode).Text;
        writer.Text("mode", mode.IsEmpty ? mode : Padded(mode));
        writer.Text("uid", view.First(Fields.FileOwner).Text);
        writer.Text("gid", view.First(Fields.FileGroup).Text);
        if (FieldNumber.TryRead(view.First(Fields.FileSize), out var size) && size >= 0) writer.Number("size", size);
        if (view.Record.Kind == EventKind.FileSymlink) writer.Text("target_path", view.First(Fields.SourceFilename).Text);
        writer.End();
    }

    /// <summary>Beside <c>picket.process</c>.</summary>
    internal static void WriteOwn(EcsWriter writer, in EventView view)
    {
        writer.Begin("file");
        writer.Text("source", view.First(Fields.SourceFilename).Text);
        writer.Text("path_source", view.First(Fields.PathSource).Text);
        writer.Text("open_flags", view.First(Fields.OpenFlags).Text);
        writer.Text("new_mode", view.First(Fields.NewMode).Text);
        writer.Text("new_owner", view.First(Fields.NewOwner).Text);
        writer.Text("new_group", view.First(Fields.NewGroup).Text);
        writer.Text("rename_flags", view.First(Fields.RenameFlags).Text);
        writer.Text("settled_by", view.First(Fields.SettledBy).Text);
        writer.Text("flags", view.First(Fields.FileFlags).Text);
        writer.Text("system_call", view.First(Fields.SystemCall).Text);
        writer.End();
    }

    /// <summary>Four digits, as people write permissions.</summary>
    private static byte[] Padded(ReadOnlySpan<byte> digits)
    {
        if (digits.Length >= 4) return digits.ToArray();
        byte[] padded = [.. "0000"u8];
        digits.CopyTo(padded.AsSpan(4 - digits.Length));
        return padded;
    }
}
