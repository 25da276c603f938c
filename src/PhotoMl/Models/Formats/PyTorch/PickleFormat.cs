namespace PhotoMl.Models;

/// <summary>The opcodes of Python's pickle that a state_dict is made of; no other is understood.</summary>
internal enum PickleOpcode : byte
{
    Mark = (byte)'(',
    Stop = (byte)'.',
    BinFloat = (byte)'G',
    BinInt = (byte)'J',
    BinInt1 = (byte)'K',
    BinInt2 = (byte)'M',
    None = (byte)'N',
    BinPersId = (byte)'Q',
    Reduce = (byte)'R',
    BinUnicode = (byte)'X',
    EmptyList = (byte)']',
    Append = (byte)'a',
    Build = (byte)'b',
    Global = (byte)'c',
    Appends = (byte)'e',
    BinGet = (byte)'h',
    LongBinGet = (byte)'j',
    BinPut = (byte)'q',
    LongBinPut = (byte)'r',
    SetItem = (byte)'s',
    Tuple = (byte)'t',
    EmptyTuple = (byte)')',
    SetItems = (byte)'u',
    EmptyDict = (byte)'}',
    Proto = 0x80,
    Tuple1 = 0x85,
    Tuple2 = 0x86,
    Tuple3 = 0x87,
    NewTrue = 0x88,
    NewFalse = 0x89,
    Long1 = 0x8A,
    ShortBinUnicode = 0x8C,
}

/// <summary>The names that a state_dict's pickle may refer to. They are only compared: nothing is imported or called.</summary>
internal static class PickleGlobal
{
    public const string OrderedDict = "collections.OrderedDict";
    public const string RebuildTensor = "torch._utils._rebuild_tensor_v2";
    public const string RebuildParameter = "torch._utils._rebuild_parameter";

    private static readonly (string Name, string Dtype)[] Storages =
    [
        ("torch.FloatStorage", "F32"),
        ("torch.HalfStorage", "F16"),
        ("torch.BFloat16Storage", "BF16"),
        ("torch.DoubleStorage", "F64"),
        ("torch.LongStorage", "I64"),
        ("torch.IntStorage", "I32"),
        ("torch.ShortStorage", "I16"),
        ("torch.CharStorage", "I8"),
        ("torch.ByteStorage", "U8"),
        ("torch.BoolStorage", "BOOL"),
    ];

    public static bool IsKnown(string name) => name is OrderedDict or RebuildTensor or RebuildParameter || DtypeOf(name) is not null;

    /// <summary>Finds the dtype of a storage class, as safetensors names it; null for what is none.</summary>
    public static string? DtypeOf(string name) => Array.Find(Storages, storage => storage.Name == name).Dtype;

    public static string StorageOf(string dtype) => Array.Find(Storages, storage => storage.Dtype == dtype).Name;
}
