using System.Globalization;
using System.Net;
using System.Text;
using Picket.Detection.Context;
using Picket.Detection.Events;

namespace Picket.Detection.Alerts.Ecs;

/// <summary>What an event is about beside its process: account, file, network, name, registry key.</summary>
internal static class SubjectFields
{
    private static readonly FieldId TargetObject = FieldTable.Intern("TargetObject");

    internal static void Write(EcsWriter writer, in EventView view, Related related)
    {
        var context = view.Context as ProcessContext;
        if (ProcessFields.TryDetail(view, context, out var detail)) WriteUser(writer, view, Before(view, detail));
        else UserFields.Named(writer, "user", view.First(Fields.User).Text);
        if (!view.First(Fields.TargetFilename).Text.IsEmpty) FileFields.Write(writer, view);
        else if (detail.ImageInode != 0) WritePath(writer, view.First(Fields.Image).Text, detail);
        NetworkFields.Write(writer, view, related);
        writer.Begin("registry");
        writer.Text("path", view.First(TargetObject).Text);
        writer.End();
        ContainerFields.Write(writer, view);
        RememberLogin(view, related);
    }

    /// <summary>An account does something as who it was until then.</summary>
    private static ProcessDetail Before(in EventView view, in ProcessDetail detail) =>
        view.Record.Kind == EventKind.SetId && view.Other is ProcessContext before ? before.Detail : detail;

    /// <summary>The real account, and the effective one where it differs: who it is, and as whom it acts.</summary>
    private static void WriteUser(EcsWriter writer, in EventView view, in ProcessDetail detail)
    {
        var effective = view.Record.Kind == EventKind.SetId ? view.First(CallFields.OldUser).Text : view.First(Fields.User).Text;
        var same = detail.Uid == detail.EffectiveUid;
        writer.Begin("user");
        if (detail.Uid != uint.MaxValue) writer.Text("id", UserFields.Digits(detail.Uid));
        if (same) UserFields.WriteName(writer, effective);
        else if (detail.Uid == detail.LoginUid) UserFields.WriteName(writer, view.First(Fields.LoginUser).Text);
        if (!same) UserFields.Numbered(writer, "effective", detail.EffectiveUid, effective);
        if (view.Record.Kind == EventKind.SetId) WriteChange(writer, view, detail);
        if (detail.Gid != uint.MaxValue) UserFields.Numbered(writer, "group", detail.Gid, default);
        writer.End();
        UserFields.Numbered(writer, "group", detail.Gid, default);
    }

    /// <summary>Who the process was stands above, unless it is not known; who it is now stands in the changes.</summary>
    private static void WriteChange(EcsWriter writer, in EventView view, in ProcessDetail before)
    {
        if (!view.TryGetDetail(out var now)) return;
        writer.Begin("changes");
        if (now.Uid != before.Uid) writer.Text("id", UserFields.Digits(now.Uid));
        if (now.Gid != before.Gid) UserFields.Numbered(writer, "group", now.Gid, default);
        writer.End();
    }

    private static void WritePath(EcsWriter writer, ReadOnlySpan<byte> path, in ProcessDetail detail)
    {
        writer.Begin("file");
        writer.Text("path", path);
        writer.Text("name", PathName.NameOf(path));
        writer.Text("directory", PathName.DirectoryOf(path));
        writer.Text("extension", PathName.ExtensionOf(path));
        if (detail.ImageInode != 0)
        {
            writer.Text("inode", detail.ImageInode.ToString(CultureInfo.InvariantCulture));
            writer.Text("device", string.Create(CultureInfo.InvariantCulture,
                $"{detail.ImageDevice >> 20}:{detail.ImageDevice & 0xFFFFF}"));
            writer.Number("size", (long)Math.Min(detail.ImageSize, long.MaxValue));
            writer.Text("mode", Convert.ToString(detail.ImageMode & 0xFFF, 8).PadLeft(4, '0'));
            if (detail.ImageModifyNs != 0) writer.Time("mtime", detail.ImageModifyNs);
            if (detail.ImageChangeNs != 0) writer.Time("ctime", detail.ImageChangeNs);
        }

        writer.End();
    }

    /// <summary>SSH_CONNECTION begins with the address that the login came from.</summary>
    private static void RememberLogin(in EventView view, Related related)
    {
        var login = view.First(Fields.SshConnection).Text;
        var blank = login.IndexOf((byte)' ');
        if (blank > 0 && IPAddress.TryParse(Encoding.UTF8.GetString(login[..blank]), out var from)) related.Address(from.ToString());
    }
}
