using System.Text;

namespace PhotoMl.Tests.Data;

public sealed class PhotoCsvTests : FolderTests
{
    [Fact]
    public void A_list_gives_photos_in_its_order_with_classes_in_ordinal_order()
    {
        Touch("b.jpg", "in/a.jpg");
        var list = Open("in/a.jpg,dog\nb.jpg,cat\n");

        Assert.Equal(["cat", "dog"], list.ClassNames);
        Assert.Equal([Folder.File("in/a.jpg"), Folder.File("b.jpg")], list.Photos.Select(photo => photo.Path));
        Assert.Equal([1, 0], list.Photos.Select(photo => photo.Label));
        Assert.All(list.Photos, photo => Assert.Equal(DatasetSplits.None, photo.Split));
        Assert.Empty(list.Problems);
    }

    [Theory]
    [InlineData("path,label\na.jpg,cat")]
    [InlineData("\uFEFFpath,label,split\r\na.jpg,cat,\r\n")]
    [InlineData("Filename , Class\n\n\n\"a.jpg\", cat\n\n")]
    [InlineData("   \r\na.jpg,\"cat\"\r")]
    [InlineData("sep=;\r\nFile_Name;Target;\r\na.jpg;cat;\r\n;;\r\n")] // Excel
    [InlineData("\tImage Path\tclass_name\n0\ta.jpg\tcat\n")] // pandas
    [InlineData(",label,path\n0,cat,a.jpg\n")]
    [InlineData("Unnamed: 0,image_id,breed\n0,a,cat\n")] // Kaggle; the extension is found
    [InlineData("\"filename\" , \"category\"\n \"a.JPG\" , \"cat\" \n")]
    [InlineData("path,label,width\na.jpg,cat,20\npath,label,width\n")] // joined lists
    [InlineData("label|file\ncat|a.jpg")]
    [InlineData("a.jpg;cat")]
    public void Headers_marks_blank_lines_and_any_line_end_make_no_difference(string text)
    {
        Touch("a.jpg");
        var list = Open(text);

        Assert.Equal(["cat"], list.ClassNames);
        Assert.Equal(Folder.File("a.jpg"), Assert.Single(list.Photos).Path);
    }

    [Fact]
    public void Splits_are_read_and_what_has_none_beside_them_is_for_training()
    {
        Touch("1", "2", "3", "4");
        var list = Open("1,a,val\n2,a,TEST\n3,a,train\n4,a\n");

        Assert.Equal(["Validation", "Test", "Train", "Train"], list.Photos.Select(photo => $"{photo.Split}"));
    }

    [Theory]
    [InlineData("utf-16", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-16BE", false)]
    public void A_list_may_be_UTF_16(string encoding, bool hasMark)
    {
        Touch("\u00F6.jpg");
        var text = Encoding.GetEncoding(encoding).GetBytes((hasMark ? "\uFEFF" : "") + "path,label\n\u00F6.jpg,K\u00F6ln\n");

        Assert.Equal("K\u00F6ln", Assert.Single(PhotoCsv.Open(Folder.Write("list.csv", text)).ClassNames));
    }

    [Fact]
    public void A_list_of_another_encoding_is_refused_with_the_line()
    {
        Touch("a.jpg");
        var path = Folder.Write("list.csv", Encoding.Latin1.GetBytes("a.jpg,cat\r\n\r\na.jpg,K\u00F6ln\r\n"));
        Assert.Equal(
            $"{path}, line 3: expected text in UTF-8 or UTF-16, but found another encoding, such as Latin-1; save the list as UTF-8 (in "
            + "Excel as CSV UTF-8).",
            Refusal(() => PhotoCsv.Open(path)));
    }

    [Theory]
    [InlineData("1.jpg,a\n2.jpg,b\n3.jpg,b\n", "images")]
    [InlineData("1,a\n2,b\n", "images")]
    [InlineData("data/images/1.jpg,a\ndata/images/2.jpg,b\n", ".", 1)]
    [InlineData("C:\\set\\images\\1.jpg,a\n", "..", 1)]
    [InlineData("C:\\data\\images\\1.jpg,a\n", ".", 2)]
    [InlineData("/set/photos/1.jpg,a\n", "images", 2)]
    [InlineData("set/images/1.jpg,a\n", "..")]
    [InlineData("6.jpg,a\n", null)] // which two folders have
    public void Paths_begin_where_the_photos_are(string text, string? start, int skipped = 0)
    {
        Touch("set/images/1.jpg", "set/images/2.jpg", "set/images/6.jpg", "set/thumbnails/6.jpg", "set/.trash/1.jpg");
        var list = Folder.Write("set/list.csv", Encoding.UTF8.GetBytes("path,label\n" + text));
        if (start is null)
        {
            Assert.Contains("no photo that is there", Refusal(() => PhotoCsv.Open(list)), StringComparison.Ordinal);
            return;
        }

        var photos = PhotoCsv.Open(list);
        Assert.Equal(Folder.File("set/images/1.jpg"), photos.Photos[0].Path.Replace("set/../", "", StringComparison.Ordinal));
        var folder = Path.GetFullPath(Folder.File("set", start));
        Assert.Equal(
            $"Paths of the list are read from {folder}{(skipped > 0 ? $" without their first {skipped} names" : "")}.",
            Assert.Single(photos.Remarks));
    }

    [Theory]
    [InlineData("train", "test", "line 1 lists it too (cat, for train); line 2 counts (cat, for test)", "Test")]
    [InlineData("val", "", "line 2 lists it too (cat, for train); line 1 counts (cat, for validation)", "Validation")]
    public void A_photo_of_two_splits_is_not_trained_on(string first, string second, string problem, string kept)
    {
        Touch("a.jpg", "b.jpg");
        var list = Open($"a.jpg,cat,{first}\n./a.jpg,cat,{second}\nb.jpg,cat,train\n");

        Assert.Equal([kept, "Train"], list.Photos.Select(photo => $"{photo.Split}"));
        Assert.Equal(problem, Assert.Single(list.Problems).Problem);
    }

    [Theory]
    [InlineData("image_id,healthy,rust\na,1,0", "line 1: expected one column for the label (label, class, category, target, tag or "
        + "class_name), but found healthy, rust.")]
    [InlineData("path,label,Label\na,1,0", "line 1: expected one column for the label (label, class, category, target, tag or class_name), "
        + "but found label, Label.")]
    [InlineData("id,path\n1,a.jpg", "line 1: expected one column for the label (label, class, category, target, tag or class_name), but "
        + "found none.")]
    [InlineData("path,label\na,b,,x", "line 2: expected at most 2 fields, as the first line has, but found 4 fields: a, b, , x.")]
    [InlineData("a.jpg,cat\nb.jpg\n", "line 2: expected path,label or path,label,split, but found 1 field: b.jpg.")]
    [InlineData("a.jpg,cat\n\n\"x\ny\",cat\n1,2,x,4", "line 5: expected path,label or path,label,split, but found 4 fields: 1, 2, x, 4.")]
    [InlineData("a.jpg,cat,tset", "line 1: expected train, validation or test for the split, but found tset.")]
    [InlineData("a.jpg,\" \"", "line 1: expected path,label or path,label,split, but found no label.")]
    [InlineData("a.jpg,cat\n,cat", "line 2: expected path,label or path,label,split, but found no path.")]
    [InlineData("a.jpg,cat\n\"b,cat\nc\n", "line 2: expected a quote at the end of each quoted field, but found the end of the file.")]
    [InlineData("\"a\".jpg,cat", "line 1: expected a delimiter or the end of the line behind a quoted field, but found something else.")]
    public void A_line_that_is_none_is_named(string text, string expected)
    {
        Touch("a.jpg");

        Assert.Equal($"{Folder.File("list.csv")}, {expected}", Refusal(() => Open(text)));
    }

    [Theory]
    [InlineData("./a.jpg")]
    [InlineData("sub/../a.jpg")]
    [InlineData("link/a.jpg")]
    [InlineData("link.jpg")]
    public void A_photo_is_one_photo_however_it_is_spelt(string other)
    {
        Touch("a.jpg");
        Directory.CreateDirectory(Folder.File("sub"));
        Directory.CreateSymbolicLink(Folder.File("link"), ".");
        File.CreateSymbolicLink(Folder.File("link.jpg"), "a.jpg");
        var list = Open($"a.jpg,cat,train\n{other},dog,test\n");

        Assert.Equal("cat", Assert.Single(list.ClassNames));
        Assert.Equal("line 2 lists it too (dog, for test); line 1 counts (cat, for train)", Assert.Single(list.Problems).Problem);
    }

    [Fact]
    public void What_is_missing_or_listed_twice_is_a_problem_but_no_failure()
    {
        Touch("a.jpg");
        ImageFileEntry[] expected =
        [
            new(Folder.File("b.jpg"), "there is no such file, though line 2 lists it"),
            new(Folder.File("a.jpg"), "line 3 lists it too (dog, for train); line 1 counts (cat, for train)"),
            new(Folder.File("a.jpg"), "line 4 lists it too (cat, for train); line 1 counts (cat, for train)"),
        ];
        Assert.Equal(expected, Open("a.jpg,cat\nb.jpg,cat\na.jpg,dog\na.jpg,cat\n").Problems);
    }

    [Theory]
    [InlineData("a.jpg,image\nb.jpg,id\n")]
    [InlineData("./a.jpg,photo\nb.jpg,label\n")]
    public void A_class_may_have_the_name_of_a_column(string text)
    {
        Touch("a.jpg", "b.jpg");
        Assert.Equal(2, Open(text).Photos.Count);
    }

    [Fact]
    public void A_list_of_nothing_is_refused()
    {
        Assert.Contains("an empty list", Refusal(() => Open("path,label\n")), StringComparison.Ordinal);
        Assert.Contains("no photo that is there", Refusal(() => Open("a,b\n")), StringComparison.Ordinal);
    }

    [Property(MaxTest = 300)]
    public void Whatever_is_quoted_is_read_again_with_its_line(string?[][] records)
    {
        var expected = records.Select(record => record.Select(field => field ?? "").ToArray())
            .Where(record => record.Length > 0 && (record.Length > 1 || !string.IsNullOrWhiteSpace(record[0]))).ToList();
        var text = string.Concat(expected.Select(record => string.Join(',', record.Select(Quote)) + "\n"));
        var read = new CsvReader(new StringReader(text), "list").Read().ToList();

        Assert.Equal(expected, read.Select(record => record.Fields.ToArray()));
        var line = 1;
        foreach (var (record, fields) in read)
        {
            Assert.Equal(line, record);
            line += 1 + fields.Sum(field => field.Count(character => character == '\n'));
        }

        static string Quote(string field) => $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    [Property(MaxTest = 300)]
    public void Any_text_is_read_or_refused(string? text)
    {
        var exception = Record.Exception(() => new CsvReader(new StringReader(text ?? ""), "list").Read().ToList());
        Assert.True(exception is null or InvalidDatasetException, exception?.ToString());
    }

    private static string Refusal(Action open) => Assert.Throws<InvalidDatasetException>(open).Message;

    private PhotoList Open(string text)
    {
        File.WriteAllText(Folder.File("list.csv"), text);
        return PhotoCsv.Open(Folder.File("list.csv"));
    }

    private void Touch(params string[] names) => Array.ForEach(names, name => Folder.Write(name, []));
}
