using System.Text;

namespace PhotoMl.Models;

/// <summary>Writes the pickle, of protocol 2, of a state_dict: a text of the opcodes that <see cref="PickleReader"/> knows.</summary>
internal static class PickleWriter
{
    private const string OrderedDict = "ccollections\nOrderedDict\n)R";

    public static byte[] Write(IEnumerable<(string Name, StoredTensor Tensor)> tensors) => Encoding.Latin1.GetBytes(
        $"\u0080\u0002{OrderedDict}({string.Concat(tensors.Select(entry => Text(entry.Name) + Rebuild(entry.Tensor)))}u.");

    // _rebuild_tensor_v2(storage, offset, sizes, strides, requires_grad, backward_hooks)
    private static string Rebuild(StoredTensor tensor) =>
        "ctorch._utils\n_rebuild_tensor_v2\n("
        + $"{Storage(tensor.Storage)}{Number(tensor.Offset)}{Tuple(tensor.Shape)}{Tuple(tensor.Strides)}\u0089{OrderedDict}tR";

    private static string Storage(TensorStorage storage) =>
        $"({Text("storage")}c{storage.Dtype.Storage.Replace('.', '\n')}\n{Text(storage.Key)}{Text("cpu")}{Number(storage.Elements)}tQ";

    private static string Tuple(long[] numbers) => $"({string.Concat(numbers.Select(Number))}t";

    private static string Number(long number) => number switch
    {
        >= 0 and <= byte.MaxValue => $"K{(char)number}",
        >= int.MinValue and <= int.MaxValue => "J" + Latin1(BitConverter.GetBytes((int)number)),
        _ => "\u008A\u0008" + Latin1(BitConverter.GetBytes(number)),
    };

    private static string Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return "X" + Latin1(BitConverter.GetBytes(bytes.Length)) + Latin1(bytes);
    }

    private static string Latin1(byte[] bytes) => Encoding.Latin1.GetString(bytes);
}
