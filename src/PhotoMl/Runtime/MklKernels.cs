using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace PhotoMl.Runtime;

/// <summary>Has MKL, which computes libtorch's float32 products, take its fast kernels on processors that are not Intel's.</summary>
/// <remarks>
/// MKL asks its own function <c>mkl_serv_intel_cpu_true</c> whether the processor is Intel's, and takes kernels without AVX-512 where it is
/// not: a product of 2048 x 2048 takes twice as long on an AMD EPYC (Zen 5). libtorch calls that function by its name, so a library that
/// was loaded before and has a function of this name is asked in its place. It is written here, a few hundred bytes, and loaded from
/// memory; no file is changed. The layers computed with the kernels are compared with float64 like all others.
/// </remarks>
internal static unsafe partial class MklKernels
{
    /// <summary>The environment variable: <c>default</c> leaves MKL as it is, <c>intel</c> tells it so on an Intel processor too.</summary>
    public const string Variable = "PHOTOML_MKL";

    private const string AskedSymbol = "photoml_mkl_asked";
    private const int BindNow = 2;
    private const int Global = 0x100;

    private static int* _asked;

    /// <summary>Whether MKL has asked this library what processor it runs on, and so takes the fast kernels.</summary>
    public static bool WereAsked => _asked != null && *_asked != 0;

    /// <summary>Loads the library, where it is of use. libtorch must not be loaded yet.</summary>
    public static void Force()
    {
        var choice = Environment.GetEnvironmentVariable(Variable);
        var isWanted = choice == "intel" || (choice != "default" && ProcessorFeatures.IsForeignX64 && Avx2.IsSupported);
        if (isWanted && OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64
            && _asked == null && NativeLibraries.LibraryPath is null
            && NativeLibraryLoader.LoadCopy("libphotoml-mkl.so", Write(), path => Open(path, BindNow | Global)) is var handle and not 0
            && NativeLibrary.TryGetExport(handle, AskedSymbol, out var asked))
        {
            _asked = (int*)asked;
        }
    }

    /// <summary>Writes the library: an ELF file of two functions that return 1 and a number that tells whether one was called.</summary>
    /// <remarks>Layouts: System V ABI, chapters 4 and 5, and its supplement for AMD64.</remarks>
    internal static byte[] Write()
    {
        const int ProgramHeaders = 0x40, Hash = 0x120, Symbols = 0x140, Strings = 0x1a0, Code = 0x200, Data = 0x1000, Asked = 0x1080;
        string[] names = ["mkl_serv_intel_cpu_true", "mkl_serv_intel_cpu", AskedSymbol];
        var strings = Encoding.ASCII.GetBytes($"\0{string.Join('\0', names)}\0");
        var file = new byte[Asked + sizeof(int)];

        // 64 bits, little-endian, a shared library for x86-64.
        byte[] identity = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
        identity.CopyTo(file, 0);
        Put(0x10, 2, 3, 62);
        Put(0x14, 4, 1);
        Put(0x20, 8, ProgramHeaders);
        Put(0x34, 2, 64, 56, 4);

        // Code, data, the dynamic section, and a stack that is not executable.
        Segment(0, type: 1, flags: 5, start: 0, length: Code + 32);
        Segment(1, type: 1, flags: 6, start: Data, length: file.Length - Data);
        Segment(2, type: 2, flags: 6, start: Data, length: 6 * 16);
        Segment(3, type: 0x6474e551, flags: 6, start: 0, length: 0);

        // One bucket, whose chain leads through all symbols.
        Put(Hash, 4, 1, 4, 1, 0, 2, 3, 0);
        for (var i = 0; i < names.Length; i++)
        {
            var isData = i == 2;
            var symbol = Symbols + ((i + 1) * 24);
            Put(symbol, 4, 1 + names.Take(i).Sum(name => name.Length + 1));
            Put(symbol + 4, 1, isData ? 0x11 : 0x12); // a global object or function
            Put(symbol + 6, 2, 1);
            Put(symbol + 8, 8, isData ? Asked : Code, isData ? sizeof(int) : 16);
        }

        strings.CopyTo(file, Strings);

        // mov dword ptr [rip + asked], 1; mov eax, 1; ret
        byte[] code = [0xc7, 0x05, 0, 0, 0, 0, 1, 0, 0, 0, 0xb8, 1, 0, 0, 0, 0xc3];
        code.CopyTo(file, Code);
        Put(Code + 2, 4, Asked - (Code + 10));

        // Hash table, strings, symbols, length of the strings, length of a symbol, end.
        Put(Data, 8, 4, Hash, 5, Strings, 6, Symbols, 10, strings.Length, 11, 24, 0, 0);
        return file;

        void Segment(int index, long type, long flags, long start, long length)
        {
            var at = ProgramHeaders + (index * 56);
            Put(at, 4, type, flags);
            Put(at + 8, 8, start, start, start, length, length, type == 1 ? 0x1000 : 8);
        }

        void Put(int at, int size, params ReadOnlySpan<long> values)
        {
            Span<byte> bytes = stackalloc byte[8];
            foreach (var value in values)
            {
                BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
                bytes[..size].CopyTo(file.AsSpan(at));
                at += size;
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string path, int flags);
}
