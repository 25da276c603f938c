namespace PhotoMl.Models;

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
