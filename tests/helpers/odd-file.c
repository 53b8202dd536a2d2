/* SPDX-License-Identifier: ISC */
/*
 * odd-file KIND FILE: makes an executable file of an odd kind:
 *   interpreter  an ELF program for this machine whose interpreter, /no/such/loader, is missing
 *   foreign      an ELF program for another kind of machine
 *   dynamic      such a one with an interpreter
 *   capable      FILE, which is there, gets the file capability CAP_SYS_ADMIN
 */
#include <elf.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

static const char interpreter[] = "/no/such/loader";

/* What our own executable is for: ELF64 is enough for x86-64 and arm64. */
static int own_header(Elf64_Ehdr *e)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd == -1 ? -1 : read(fd, e, sizeof(*e));
	if (fd != -1)
		close(fd);
	return n == (ssize_t)sizeof(*e) ? 0 : -1;
}

static int write_elf(const char *path, int foreign, int dynamic)
{
	struct {
		Elf64_Ehdr e;
		Elf64_Phdr p[2];
		char text[sizeof(interpreter)];
	} file = {0};
	if (own_header(&file.e) == -1)
		return -1;
	file.e.e_type = ET_EXEC;
	if (foreign)
		file.e.e_machine = EM_S390;
	file.e.e_phoff = sizeof(file.e);
	file.e.e_phentsize = sizeof(file.p[0]);
	file.e.e_phnum = 2;
	file.e.e_shoff = 0;
	file.e.e_shnum = 0;
	file.p[0] = (Elf64_Phdr){.p_type = PT_LOAD,
		.p_flags = PF_R | PF_X,
		.p_vaddr = 0x400000,
		.p_filesz = sizeof(file),
		.p_memsz = sizeof(file),
		.p_align = 0x1000};
	file.p[1] = (Elf64_Phdr){.p_type = dynamic ? PT_INTERP : PT_NULL,
		.p_flags = PF_R,
		.p_offset = sizeof(file.e) + sizeof(file.p),
		.p_filesz = sizeof(interpreter),
		.p_memsz = sizeof(interpreter)};
	memcpy(file.text, interpreter, sizeof(interpreter));
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
	if (fd == -1 || write(fd, &file, sizeof(file)) != (ssize_t)sizeof(file))
		return -1;
	return close(fd);
}

static int make_capable(const char *path)
{
	/* struct vfs_cap_data, revision 2: {magic, {permitted, inheritable} twice} */
	const uint32_t data[5] = {0x02000001, 1U << 21, 0, 0, 0};
	return setxattr(path, "security.capability", data, sizeof(data), 0);
}

int main(int argc, char **argv)
{
	int result = -1;
	if (argc != 3)
		return 2;
	if (strcmp(argv[1], "interpreter") == 0)
		result = write_elf(argv[2], 0, 1);
	else if (strcmp(argv[1], "foreign") == 0)
		result = write_elf(argv[2], 1, 0);
	else if (strcmp(argv[1], "dynamic") == 0)
		result = write_elf(argv[2], 1, 1);
	else if (strcmp(argv[1], "capable") == 0)
		result = make_capable(argv[2]);
	if (result == -1)
		perror("odd-file");
	return result == 0 ? 0 : 1;
}
