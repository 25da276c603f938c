using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace PhotoMl.Runtime;

/// <summary>The processor features that decide how fast a network runs.</summary>
public static partial class ProcessorFeatures
{
    private const int Avx512BFloat16Bit = 1 << 5; // CPUID leaf 7, subleaf 1, EAX
    private const ulong AmxTileState = 1 << 18; // XTILEDATA, in the system's mask of states
    private const int AuthenticAmd = 0x68747541; // "Auth", CPUID leaf 0, EBX
    private const int GenuineIntel = 0x756e6547; // "Genu"
    private const int AmxBFloat16Bit = 1 << 22; // CPUID leaf 7, subleaf 0, EDX

    /// <summary>The model of the processor as the system names it.</summary>
    public static string Name { get; } =
        ReadModelName() ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? $"{RuntimeInformation.ProcessArchitecture}";

    /// <summary>Whether the processor multiplies bfloat16 natively (AVX512_BF16).</summary>
    public static bool HasBFloat16 { get; } = Avx512F.IsSupported && (Leaf7(subleaf: 1).Eax & Avx512BFloat16Bit) != 0;

    /// <summary>Whether the processor multiplies tiles of bfloat16 (AMX), and the system saves them when it switches threads.</summary>
    internal static bool HasAmxBFloat16 { get; } =
        Avx512F.IsSupported && (Leaf7(subleaf: 0).Edx & AmxBFloat16Bit) != 0 && (EnabledState() & AmxTileState) != 0;

    /// <summary>Whether products in bfloat16 are faster than in float32.</summary>
    /// <remarks>
    /// AMD's processors with AVX512_BF16 multiply bfloat16 at more than twice the rate of float32 (a product of 2048 x 2048 with 2 threads
    /// of a Zen 4: 371 against 141 GFLOP/s). Intel's do so with AMX only: by AVX512_BF16 alone they take twice as long as in float32 (an
    /// Emerald Rapids without AMX: 166 against 329). Both by <c>tests/PhotoMl.Benchmarks</c>, whose last lines are these limits.
    /// </remarks>
    public static bool HasFastBFloat16 { get; } = HasAmxBFloat16 || (HasBFloat16 && Vendor == AuthenticAmd);

    /// <summary>What <see cref="Precision.Auto"/> means on this processor.</summary>
    public static Precision AutoPrecision => HasFastBFloat16 ? Precision.BFloat16 : Precision.Float32;

    /// <summary>Why <see cref="AutoPrecision"/> is what it is, as half a sentence.</summary>
    public static string AutoPrecisionReason => HasFastBFloat16 ? "the processor multiplies it faster than float32"
        : HasBFloat16 ? "the processor multiplies it faster than bfloat16"
        : "the processor does not multiply bfloat16 (AVX512_BF16)";

    /// <summary>Whether the processor has AVX2 and FMA or Arm's NEON. Without them everything runs, much more slowly.</summary>
    public static bool HasVectors { get; } = AdvSimd.IsSupported || (Avx2.IsSupported && Fma.IsSupported);

    /// <summary>Whether the processor runs x86-64 and is not Intel's.</summary>
    internal static bool IsForeignX64 => Vendor is not (0 or GenuineIntel);

    private static int Vendor => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? X86Base.CpuId(0, 0).Ebx : 0;

    /// <summary>Names the features the processor has, among those that matter.</summary>
    /// <returns>The names, such as <c>AVX2</c> and <c>AVX512_BF16</c>.</returns>
    public static IReadOnlyList<string> List()
    {
        (bool Has, string Name)[] features =
        [
            (Avx2.IsSupported, "AVX2"), (Fma.IsSupported, "FMA"), (Avx512F.IsSupported, "AVX512F"), (HasBFloat16, "AVX512_BF16"),
            (HasAmxBFloat16, "AMX_BF16"), (AdvSimd.IsSupported, "NEON"),
        ];
        return [.. features.Where(feature => feature.Has).Select(feature => feature.Name)];
    }

    internal static Precision Resolve(Precision precision) => precision == Precision.Auto ? AutoPrecision : precision;

    // The states of the processor that the system supports, as the mask XCR0 numbers them; 0 where it does not say.
    private static ulong EnabledState()
    {
        const long ArchPrctl = 158;
        const int GetSupportedState = 0x1021; // ARCH_GET_XCOMP_SUPP, Linux 5.16
        ulong mask = 0;
        return OperatingSystem.IsWindows()
            ? GetEnabledXStateFeatures()
            : OperatingSystem.IsLinux() && SystemCall(ArchPrctl, GetSupportedState, ref mask) == 0 ? mask : 0;
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial long SystemCall(long number, long operation, ref ulong result);

    [LibraryImport("kernel32")]
    private static partial ulong GetEnabledXStateFeatures();

    private static string? ReadModelName() => !File.Exists("/proc/cpuinfo") ? null : File.ReadLines("/proc/cpuinfo")
        .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[^1].Trim();

    private static (int Eax, int Ebx, int Ecx, int Edx) Leaf7(int subleaf) =>
        RuntimeInformation.ProcessArchitecture == Architecture.X64 && X86Base.CpuId(0, 0).Eax >= 7 ? X86Base.CpuId(7, subleaf) : default;
}
