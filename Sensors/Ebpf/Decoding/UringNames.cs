using System.Text;

namespace Picket.Sensors.Ebpf.Decoding;

/// <summary>The operations of io_uring by name (enum io_uring_op in linux/io_uring.h, without its prefix).</summary>
internal static class UringNames
{
    private static readonly byte[][] Names =
    [
        .. ("nop readv writev fsync read_fixed write_fixed poll_add poll_remove sync_file_range sendmsg recvmsg timeout timeout_remove "
            + "accept async_cancel link_timeout connect fallocate openat close files_update statx read write fadvise madvise send recv "
            + "openat2 epoll_ctl splice provide_buffers remove_buffers tee shutdown renameat unlinkat mkdirat symlinkat linkat "
            + "msg_ring fsetxattr setxattr fgetxattr getxattr socket uring_cmd send_zc sendmsg_zc "
            + "read_multishot waitid futex_wait futex_wake futex_waitv "
            + "fixed_fd_install ftruncate bind listen recv_zc epoll_wait readv_fixed writev_fixed pipe nop128 uring_cmd128")
            .Split(' ').Select(Encoding.UTF8.GetBytes),
    ];

    /// <summary>The name of an operation; empty for one that this build does not know.</summary>
    public static ReadOnlySpan<byte> Of(uint operation) => operation < (uint)Names.Length ? Names[operation] : default; // hot
}
