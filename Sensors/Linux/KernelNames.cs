namespace Picket.Sensors.Linux;

/// <summary>
/// Names of what system calls are given and answer. Sources: the headers of the kernel's user interface (asm-generic/errno.h, signal.h,
/// linux/ptrace.h, sched.h, mount.h, memfd.h, prctl.h, bpf.h); numbers that differ between x86 and arm64 are left out.
/// </summary>
internal static class KernelNames
{
    /// <summary>Errors, as positive numbers.</summary>
    public static NameTable Errors { get; } = NameTable.From(1, """
        EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT ENOTBLK EBUSY EEXIST EXDEV ENODEV
        ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG
        ENOLCK ENOSYS ENOTEMPTY ELOOP - ENOMSG EIDRM ECHRNG EL2NSYNC EL3HLT EL3RST ELNRNG EUNATCH ENOCSI EL2HLT EBADE EBADR EXFULL
        ENOANO EBADRQC EBADSLT - EBFONT ENOSTR ENODATA ETIME ENOSR ENONET ENOPKG EREMOTE ENOLINK EADV ESRMNT ECOMM EPROTO EMULTIHOP
        EDOTDOT EBADMSG EOVERFLOW ENOTUNIQ EBADFD EREMCHG ELIBACC ELIBBAD ELIBSCN ELIBMAX ELIBEXEC EILSEQ ERESTART ESTRPIPE EUSERS
        ENOTSOCK EDESTADDRREQ EMSGSIZE EPROTOTYPE ENOPROTOOPT EPROTONOSUPPORT ESOCKTNOSUPPORT EOPNOTSUPP EPFNOSUPPORT EAFNOSUPPORT
        EADDRINUSE EADDRNOTAVAIL ENETDOWN ENETUNREACH ENETRESET ECONNABORTED ECONNRESET ENOBUFS EISCONN ENOTCONN ESHUTDOWN
        ETOOMANYREFS ETIMEDOUT ECONNREFUSED EHOSTDOWN EHOSTUNREACH EALREADY EINPROGRESS ESTALE EUCLEAN ENOTNAM ENAVAIL EISNAM
        EREMOTEIO EDQUOT ENOMEDIUM EMEDIUMTYPE ECANCELED ENOKEY EKEYEXPIRED EKEYREVOKED EKEYREJECTED EOWNERDEAD ENOTRECOVERABLE
        ERFKILL EHWPOISON
        """);

    /// <summary>Signals; beyond 31 they have numbers only.</summary>
    public static NameTable Signals { get; } = NameTable.From(1, """
        SIGHUP SIGINT SIGQUIT SIGILL SIGTRAP SIGABRT SIGBUS SIGFPE SIGKILL SIGUSR1 SIGSEGV SIGUSR2 SIGPIPE SIGALRM SIGTERM SIGSTKFLT
        SIGCHLD SIGCONT SIGSTOP SIGTSTP SIGTTIN SIGTTOU SIGURG SIGXCPU SIGXFSZ SIGVTALRM SIGPROF SIGWINCH SIGIO SIGPWR SIGSYS
        """);

    /// <summary>Requests of ptrace that are reported.</summary>
    public static NameTable Ptrace { get; } = NameTable.Of("""
        0=PTRACE_TRACEME 4=PTRACE_POKETEXT 5=PTRACE_POKEDATA 6=PTRACE_POKEUSR 8=PTRACE_KILL 13=PTRACE_SETREGS 15=PTRACE_SETFPREGS
        16=PTRACE_ATTACH 0x4205=PTRACE_SETREGSET 0x4206=PTRACE_SEIZE
        """);

    /// <summary>Kinds of namespaces, as in /proc/PID/ns, by their CLONE_NEW bit.</summary>
    public static NameTable Namespaces { get; } = NameTable.Of("""
        0x20000=mnt 0x2000000=cgroup 0x4000000=uts 0x8000000=ipc 0x10000000=user 0x20000000=pid 0x40000000=net 0x80=time
        """);

    /// <summary>Flags of mount.</summary>
    public static NameTable Mount { get; } = NameTable.Of("""
        0x1=MS_RDONLY 0x2=MS_NOSUID 0x4=MS_NODEV 0x8=MS_NOEXEC 0x10=MS_SYNCHRONOUS 0x20=MS_REMOUNT 0x40=MS_MANDLOCK 0x80=MS_DIRSYNC
        0x100=MS_NOSYMFOLLOW 0x400=MS_NOATIME 0x800=MS_NODIRATIME 0x1000=MS_BIND 0x2000=MS_MOVE 0x4000=MS_REC 0x8000=MS_SILENT
        0x10000=MS_POSIXACL 0x20000=MS_UNBINDABLE 0x40000=MS_PRIVATE 0x80000=MS_SLAVE 0x100000=MS_SHARED 0x200000=MS_RELATIME
        0x800000=MS_I_VERSION 0x1000000=MS_STRICTATIME 0x2000000=MS_LAZYTIME
        """);

    /// <summary>Attributes of fsmount and mount_setattr.</summary>
    public static NameTable MountAttributes { get; } = NameTable.Of("""
        0x1=MOUNT_ATTR_RDONLY 0x2=MOUNT_ATTR_NOSUID 0x4=MOUNT_ATTR_NODEV 0x8=MOUNT_ATTR_NOEXEC 0x10=MOUNT_ATTR_NOATIME
        0x20=MOUNT_ATTR_STRICTATIME 0x80=MOUNT_ATTR_NODIRATIME 0x100000=MOUNT_ATTR_IDMAP 0x200000=MOUNT_ATTR_NOSYMFOLLOW
        """);

    /// <summary>Flags of move_mount.</summary>
    public static NameTable MoveMount { get; } = NameTable.Of("""
        0x1=MOVE_MOUNT_F_SYMLINKS 0x2=MOVE_MOUNT_F_AUTOMOUNTS 0x4=MOVE_MOUNT_F_EMPTY_PATH 0x10=MOVE_MOUNT_T_SYMLINKS
        0x20=MOVE_MOUNT_T_AUTOMOUNTS 0x40=MOVE_MOUNT_T_EMPTY_PATH 0x100=MOVE_MOUNT_SET_GROUP 0x200=MOVE_MOUNT_BENEATH
        """);

    /// <summary>Flags of umount2.</summary>
    public static NameTable Umount { get; } = NameTable.Of("0x1=MNT_FORCE 0x2=MNT_DETACH 0x4=MNT_EXPIRE 0x8=UMOUNT_NOFOLLOW");

    /// <summary>Flags of memfd_create.</summary>
    public static NameTable Memfd { get; } = NameTable.Of("""
        0x1=MFD_CLOEXEC 0x2=MFD_ALLOW_SEALING 0x4=MFD_HUGETLB 0x8=MFD_NOEXEC_SEAL 0x10=MFD_EXEC
        """);

    /// <summary>Flags of finit_module.</summary>
    public static NameTable Module { get; } = NameTable.Of("""
        0x1=MODULE_INIT_IGNORE_MODVERSIONS 0x2=MODULE_INIT_IGNORE_VERMAGIC 0x4=MODULE_INIT_COMPRESSED_FILE
        """);

    /// <summary>Options of prctl that are reported.</summary>
    public static NameTable Prctl { get; } = NameTable.Of("""
        1=PR_SET_PDEATHSIG 4=PR_SET_DUMPABLE 8=PR_SET_KEEPCAPS 15=PR_SET_NAME 22=PR_SET_SECCOMP 24=PR_CAPBSET_DROP 28=PR_SET_SECUREBITS
        35=PR_SET_MM 36=PR_SET_CHILD_SUBREAPER 38=PR_SET_NO_NEW_PRIVS 47=PR_CAP_AMBIENT 0x59616d61=PR_SET_PTRACER
        """);

    /// <summary>Commands of bpf.</summary>
    public static NameTable BpfCommands { get; } = NameTable.From(0, """
        BPF_MAP_CREATE BPF_MAP_LOOKUP_ELEM BPF_MAP_UPDATE_ELEM BPF_MAP_DELETE_ELEM BPF_MAP_GET_NEXT_KEY BPF_PROG_LOAD BPF_OBJ_PIN
        BPF_OBJ_GET BPF_PROG_ATTACH BPF_PROG_DETACH BPF_PROG_TEST_RUN BPF_PROG_GET_NEXT_ID BPF_MAP_GET_NEXT_ID BPF_PROG_GET_FD_BY_ID
        BPF_MAP_GET_FD_BY_ID BPF_OBJ_GET_INFO_BY_FD BPF_PROG_QUERY BPF_RAW_TRACEPOINT_OPEN BPF_BTF_LOAD BPF_BTF_GET_FD_BY_ID
        BPF_TASK_FD_QUERY BPF_MAP_LOOKUP_AND_DELETE_ELEM BPF_MAP_FREEZE BPF_BTF_GET_NEXT_ID BPF_MAP_LOOKUP_BATCH
        BPF_MAP_LOOKUP_AND_DELETE_BATCH BPF_MAP_UPDATE_BATCH BPF_MAP_DELETE_BATCH BPF_LINK_CREATE BPF_LINK_UPDATE BPF_LINK_GET_FD_BY_ID
        BPF_LINK_GET_NEXT_ID BPF_ENABLE_STATS BPF_ITER_CREATE BPF_LINK_DETACH BPF_PROG_BIND_MAP
        """);

    /// <summary>Types of programs.</summary>
    public static NameTable BpfPrograms { get; } = NameTable.From(1, """
        socket_filter kprobe sched_cls sched_act tracepoint xdp perf_event cgroup_skb cgroup_sock lwt_in lwt_out lwt_xmit sock_ops sk_skb
        cgroup_device sk_msg raw_tracepoint cgroup_sock_addr lwt_seg6local lirc_mode2 sk_reuseport flow_dissector cgroup_sysctl
        raw_tracepoint_writable cgroup_sockopt tracing struct_ops ext lsm sk_lookup syscall netfilter
        """);

    /// <summary>Types of maps.</summary>
    public static NameTable BpfMaps { get; } = NameTable.From(1, """
        hash array prog_array perf_event_array percpu_hash percpu_array stack_trace cgroup_array lru_hash lru_percpu_hash lpm_trie
        array_of_maps hash_of_maps devmap sockmap cpumap xskmap sockhash cgroup_storage reuseport_sockarray percpu_cgroup_storage queue
        stack sk_storage devmap_hash struct_ops ringbuf inode_storage task_storage bloom_filter user_ringbuf cgrp_storage arena
        """);
}
